"""The advice for pools, and what another number of seats would have done."""

from __future__ import annotations

import pytest

from licensing.models import Licence
from licensing.usage.sizes import Advice, TooEarly
from portal.usage import sizing
from portal.usage.advice import PoolAdvice
from tests.factories import make_pool
from tests.kept import kept
from tests.licensing.usage.past import limits_were, session_then
from tests.portal.usage.monday import at, days, planners


@kept
def key(account):
    return planners(account)


def test_a_number_of_seats_that_cannot_be_says_so(owner, key):
    for seats in ("0", "1000000000", "many"):
        page = owner.get("/usage/", days(seats=seats))

        assert "Give a number of seats from 1 to 100,000." in page.text, seats


def test_fewer_seats_would_have_refused_more(owner, key):
    page = owner.get("/usage/", days(seats="1"))

    assert "1 seat would have meant 2 refusals of 2 people on 1 day." in page.text
    assert "As it is today: 2 seats would have meant 1 refusal of 1 person on 1 day." in page.text


def test_a_pool_that_is_not_chosen_is_not_answered_by_another(owner, key):
    page = owner.get("/usage/", days(seats="1", pool=str(key.licence_id + 1)))

    assert "That licence is not among those that are chosen." in page.text
    assert "1 seat would have" not in page.text


def test_pools_that_nobody_can_use_get_no_advice_and_lend_no_seats(owner, account, key):
    limits_were(make_pool(9, account=account, name="Suspended"), at(0, days=-60), 9)
    over = make_pool(7, account=account, name="Over")
    limits_were(over, at(0, days=-60), 7)
    Licence.objects.filter(name="Suspended").update(state="suspended")
    Licence.objects.filter(name="Over").update(ends_on=at(0, days=-3).date())
    for one in account.licences.all():
        session_then(one.keys.get(), at(0, days=-50), at(1, days=-50))

    page = owner.get("/usage/")

    assert page.context["figures"].seats == 2
    advice = {told.licence.name: told.sentences for told in page.context["sizes"].pools}
    assert next(iter(advice)) == "Planners"
    none = ["Nobody can use it now, so no size is suggested."]
    assert advice["Suspended"] == advice["Over"] == none


def test_advice_waits_for_four_weeks(owner, key):
    page = owner.get("/usage/", days())
    assert "We need 4 weeks of use before suggesting a size. 27 days to go." in page.text

    session_then(key, at(0, days=-50), at(1, days=-50), person="ann")

    page = owner.get("/usage/", days())
    assert "seats would have covered" in page.text


@pytest.mark.slow
def test_advice_is_worked_out_once_an_hour_however_long_the_range(owner, key, monkeypatch):
    session_then(key, at(0, days=-50), at(1, days=-50), person="ann")
    advised = []
    monkeypatch.setattr(sizing, "advise", lambda *args, **how: advised.append(args) or TooEarly(1))

    for _number in range(2):
        owner.get("/usage/", {"days": "365"})

    assert len(advised) == 1


def test_those_with_too_few_seats_come_first_then_those_with_too_many():
    def told(seats: int, advised: Advice | TooEarly | None) -> PoolAdvice:
        return PoolAdvice(Licence(seats=seats), advised)

    def advice(seats: int) -> Advice:
        return Advice(seats, covered=1.0, most=seats, days_short=0, refused_people=0)

    in_order = [
        told(5, advice(9)), told(5, advice(6)), told(9, advice(1)), told(9, advice(8)),
        told(9, advice(9)), told(9, TooEarly(3)),
    ]  # fmt: skip

    mixed = in_order[3:] + in_order[:3]
    assert sorted(mixed, key=lambda one: one.rank) == in_order
