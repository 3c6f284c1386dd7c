"""What hurts most is confirmed by typing the record's name, or of many records how many."""

from __future__ import annotations

import pytest

from licensing.models import ClientSession, Licence
from licensing.models.licences import LicenceState
from portal.acts import TYPED_ABOVE
from support.acts.unsaid import unnamed
from support.console import tables
from tests.factories import make_pool, make_session
from tests.support.acting import address, check, confirm, told, wrong

TYPED = {
    "account/close",
    "account/erase-person",
    "account/merge",
    "licence/close",
    "licence/suspend",
    "productkey/end-sessions",
    "productkey/reissue",
    "productkey/revoke",
    "user/lock-out",
}


def test_the_acts_that_hurt_most_have_a_name_to_type():
    named = {
        f"{table.name}/{act.name}"
        for table in tables.ALL
        for act in table.kind.acts
        if act.name_typed is not unnamed
    }

    assert named == TYPED


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ("", ["Type London planners."]),
        ("London", ["This is not London planners."]),
        (" london PLANNERS ", None),
    ],
)
def test_a_name_is_typed_as_names_are_compared(support, planners, typed, errors):
    page = check(support, "licence", "close", planners.licence)
    answer = confirm(support, page, typed=typed)

    assert "Type “London planners” to confirm" in page.text
    assert (Licence.objects.get().state == LicenceState.CLOSED) is (errors is None)
    if errors:
        assert wrong(support.get(answer.headers["Location"])) == {"typed": errors}


def test_its_page_opens_with_what_the_act_does(support, planners):
    closing = support.get(address("licence", "close", planners.licence))
    adding = support.get(address("licence", "add-key", planners.licence))

    assert "autofocus" not in closing.text
    assert "autofocus" in adding.text


def test_a_usual_reason_is_no_way_past_it(support, planners):
    page = check(support, "licence", "suspend", planners.licence)
    confirm(support, page, typed="", usual="Payment is overdue.")

    assert Licence.objects.get().state == LicenceState.ACTIVE


def test_a_key_that_is_replaced_is_typed_only_if_its_sessions_end(support, planners):
    at_once = {"overlap": "0"}
    with_sessions = check(support, "productkey", "reissue", planners, **at_once, end_sessions="on")
    without = check(support, "productkey", "reissue", planners, **at_once)

    assert f"Type “{planners}” to confirm" in with_sessions.text
    assert "to confirm" not in without.text
    confirm(support, with_sessions, typed="another")
    assert ClientSession.objects.active().count() == 3
    assert "starts the program no more." in told(confirm(support, without, typed=""))[0]


def test_of_many_the_count_is_typed(support):
    key = make_pool(TYPED_ABOVE + 1)
    sessions = [make_session(key) for _ in range(TYPED_ABOVE + 1)]
    few = support.get(address("clientsession", "release", *sessions[1:]))
    many = support.get(address("clientsession", "release", *sessions))

    assert "to confirm" not in few.text
    assert f"Type “{TYPED_ABOVE + 1}” to confirm" in many.text
    confirm(support, many, typed="25")
    assert ClientSession.objects.active().count() == TYPED_ABOVE + 1
    confirm(support, many, typed="26")
    assert not ClientSession.objects.active().exists()


def test_of_several_that_hurt_most_the_count_is_typed(support, planners):
    other = make_pool(3, account=planners.account)
    page = support.get(address("licence", "suspend", planners.licence, other.licence))

    assert "Type “2” to confirm" in page.text


def test_acts_are_described_by_the_row_they_act_on(support, planners):
    other = make_pool(3, name="London others", account=planners.account)
    page = support.get("/support/find/", {"q": "London"}).text

    for one in (planners.licence, other.licence):
        row = f"hit-licence-{one.pk}"
        assert f'id="{row}"' in page
        assert f'aria-describedby="{row}"' in page
