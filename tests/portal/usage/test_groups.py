"""Use by group equals a replay minute by minute, and adds up to the figures above it."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest
from django.http import QueryDict
from django.utils import timezone

from licensing.models import ClientSession, FeatureSeat, Hold
from licensing.usage.groups import Grouping
from licensing.usage.roll_up import roll_up
from portal.people import privacy
from portal.usage import asked as ways_to_ask
from portal.usage.groups import Groups
from portal.usage.peaks import Peaks
from portal.words.aliases import real_names
from tests.factories import TESTER, ago, make_client, make_pool, make_session
from tests.licensing.usage.past import beginning, refused_then, session_then
from tests.portal.usage.days import (
    DAY,
    all_held,
    asked,
    counted_minutes,
    last_change,
    use_of,
    used_around,
)

KEYS = {
    Grouping.POOL: lambda session: [str(session.licence_id)],
    Grouping.PERSON: lambda session: [session.person],
    Grouping.MACHINE: lambda session: [session.machine],
    Grouping.KEY: lambda session: [str(session.key_id)],
    Grouping.VERSION: lambda session: [session.version],
    Grouping.FEATURE: lambda session: session.features or [""],
}


@pytest.fixture(params=["Europe/London", "America/St_Johns", "Asia/Kolkata"])
def figures(request, account):
    """The use of two pools around a change of the clocks there, and on two days of work after."""
    account.time_zone = request.param
    account.save(update_fields=["time_zone"])
    day = last_change(request.param)
    licences = used_around(account, day, "groups")
    roll_up(licences[0])

    def figures_of(**more):
        return asked(account, day - DAY, day + 2 * DAY, **more)[1]

    return figures_of


@pytest.mark.slow
@pytest.mark.parametrize("asked_for", [{}, {"hours": "working"}], ids=["always", "at work"])
def test_each_group_is_what_a_replay_says(figures, subtests, asked_for):
    figures = figures(**asked_for)
    held, minutes = all_held(figures.licences), counted_minutes(figures)
    for by, keys_of in KEYS.items():
        with subtests.test(by=by):
            groups = Groups(by, figures, real_names(figures.licences[0].account))
            told = {
                use.key: {"peak": use.peak, "people": use.people, "days": use.days}
                for use in groups.used
                if use.peak
            }
            replayed = {
                key: use_of([one for one in held if key in keys_of(one.session)], minutes,
                            figures.zone)
                for key in {key for one in held for key in keys_of(one.session)}
            }  # fmt: skip
            spent = {key: use.pop("minutes") for key, use in replayed.items()}

            assert told == {key: use for key, use in replayed.items() if use["peak"]}
            if figures.zone.key == "Europe/London":  # else hours of UTC count by half
                assert {use.key: round(use.seconds) for use in groups.used} == {
                    key: 60 * number for key, number in spent.items() if number
                }
            if by != Grouping.FEATURE:
                total = sum(use.seconds for use in groups.used)
                assert total == pytest.approx(figures.seat_seconds)


def test_a_limited_feature_has_the_peak_that_its_licence_tells(account):
    key = make_pool(5, account=account, features=["bim:3"])
    included = key.licence.licence_features.get()
    session = make_session(key, make_client(features=["bim"]), refreshed=dt.timedelta(hours=2))
    FeatureSeat.objects.filter(session=session).update(held_since=ago(hours=1))
    over = session_then(key, beginning(2), beginning(1), person="bob")
    for _number in range(2):
        Hold.objects.create(
            licence=key.licence, feature=included.feature, session=over.pk,
            held_since=over.started_at, held_until=over.started_at + dt.timedelta(minutes=1),
        )  # fmt: skip
    today = timezone.now().date()

    _use, figures = asked(account, today - 3 * DAY, today + DAY)
    of_feature = {
        use.key: use for use in Groups(Grouping.FEATURE, figures, real_names(account)).used
    }

    page = Peaks(account, [key.licence], days=4, features=[included])
    assert of_feature["bim"].peak == page.peak_of(key.licence, included) == 2
    assert of_feature["bim"].seconds == pytest.approx(2 * 60 + 3600, abs=60)


@pytest.fixture
def refused(account):
    """A pool in which Ann was in on a day, and Zoë refused twice on another."""
    account.time_zone = "UTC"
    account.save(update_fields=["time_zone"])
    key = make_pool(2, account=account)
    session_then(key, beginning(5), beginning(5) + dt.timedelta(hours=1))
    for hours in (2, 9):
        refused_then(key, beginning(4) + dt.timedelta(hours=hours), person="Zoë")
    return key


def days(**more):
    first = beginning(5).date()
    return {"from": str(first), "until": str(first + 2 * DAY)} | more


def test_who_was_only_refused_is_told_too(owner, refused):
    rows = owner.get("/usage/", days(group="person")).context["groups"].rows

    told = [(row.name, row.hours, row.days, row.true_denials) for row in rows]
    assert told == [("ann", 1, 1, 0), ("Zoë", 0, 0, 2)]


def test_a_pool_has_its_limit_beside_its_peak(owner, refused):
    of_pools, of_people = (owner.get("/usage/", days(group=by)) for by in ("pool", "person"))

    assert [(row.peak, row.limit) for row in of_pools.context["groups"].rows] == [(1, 2)]
    assert "Limit now" in of_pools.text
    assert "Limit now" not in of_people.text


def test_viewers_see_aliases_where_owners_want_that(viewer, refused, account):
    privacy.show_aliases(account, True, by=TESTER)

    for group in ("person", "machine"):
        page = viewer.get("/usage/", days(group=group)).text
        assert "Zoë" not in page
        assert f"{group.capitalize()} " in page


def test_what_is_no_grouping_is_passed_over(owner, refused):
    page = owner.get("/usage/", days(group="colour"))

    assert page.context["groups"].by == Grouping.KEY
    assert QueryDict(page.context["group_choices"][0][1])["group"] == "pool"


def test_an_hour_that_is_not_over_counts_as_far_as_it_has_come(account):
    session = make_session(make_pool(2, account=account))
    ClientSession.objects.filter(pk=session.pk).update(started_at=ago(minutes=20))
    today = timezone.now().date()

    _use, figures = asked(account, today - DAY, today + DAY)

    assert figures.seat_seconds == pytest.approx(1200, abs=60)


def test_of_very_many_sessions_are_told_when_asked(owner, account, monkeypatch):
    monkeypatch.setattr(ways_to_ask, "QUICKLY_READ", 0)
    make_session(make_pool(2, account=account))

    page = owner.get("/usage/")
    link = unescape(re.search(r'href="\?([^"]+)#groups"', page.text)[1])
    counted = owner.get(f"/usage/?{link}")

    assert 'id="groups"' not in page.text
    assert 'data-tile="people"' not in page.text
    assert 'id="groups"' in counted.text
    assert 'data-tile="people"' in counted.text


def test_of_very_many_sessions_in_four_weeks_the_other_model_is_told_when_asked(
    owner, account, monkeypatch
):
    monkeypatch.setattr(ways_to_ask, "QUICKLY_READ", 1)
    key = make_pool(2, account=account)
    for days_ago in (10, 11):
        session_then(key, beginning(days_ago), beginning(days_ago - 1))

    page = owner.get("/usage/?days=7")

    assert 'id="groups"' in page.text
    assert 'id="other-model"' in page.text
    assert page.context["other_model"] is None
    assert owner.get("/usage/?days=7&who=1").context["other_model"]
