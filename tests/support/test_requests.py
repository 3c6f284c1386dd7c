"""What customers ask for is answered, and given, by the desk."""

from __future__ import annotations

import html

import pytest

from licensing import emergency_seats
from licensing.models import AuditEntry, Licence
from portal.desk import requests
from portal.models import RequestKind
from support.acts import requests as requests_acts
from tests.factories import TESTER, MembershipFactory
from tests.support.acting import address, check, confirm, do, foretold, text_of, told


@pytest.fixture
def wish(planners):
    """Somebody wants twelve seats."""
    owner = MembershipFactory(account=planners.account).user
    return requests.make(
        planners.account, RequestKind.SEATS, "Two more, please.", by=owner,
        licence=planners.licence, seats=12,
    )  # fmt: skip


ANSWER = "You have two more from now on."


def test_seats_are_set_and_the_request_is_answered_in_one_act(sales, wish, mailoutbox):
    page = check(sales, "customerrequest", "grant", wish, seats="+2", answer=ANSWER)
    answer = confirm(sales, page)

    wish.refresh_from_db()
    assert foretold(page)[0] == (
        "London planners: 10 to 12. In use now 3, so 9 seats are free then. "
        "2 more people can start at once."
    )
    assert told(answer) == [f"London planners: user limit 12. Answered {wish.asked_by}."]
    assert (wish.state, wish.answer, wish.licence.seats) == ("answered", ANSWER, 12)
    assert mailoutbox[-1].to == [wish.asked_by_email]
    actions = AuditEntry.objects.order_by("-number").values_list("action", flat=True)[:2]
    assert list(actions) == ["request_answered", "seats_changed"]


@pytest.mark.parametrize(("typed", "seats"), [("13", 13), ("+3", 13), ("-2", 8), ("12", 12)])
def test_the_usual_answer_tells_of_the_seats_that_are_given(sales, wish, typed, seats):
    usual = requests_acts.initial_grant(wish)["answer"]

    page = check(sales, "customerrequest", "grant", wish, seats=typed, answer=usual)
    confirm(sales, page)

    wish.refresh_from_db()
    words = f"London planners has {seats} seats now."
    assert (wish.licence.seats, wish.answer) == (seats, words)
    assert words in foretold(page)[-1]


def test_an_answer_that_names_another_number_is_asked_about(sales, wish):
    asked = {"seats": "13", "answer": "You have 14 seats now."}
    page = check(sales, "customerrequest", "grant", wish, **asked)

    words = "The answer says 14, but London planners has 13 then: is it meant?"
    assert words in foretold(page)


def test_an_answer_alone_says_that_no_seat_changes(sales, wish):
    page = check(sales, "customerrequest", "answer", wish, answer="We have done it.")

    assert foretold(page)[0] == (
        "NO seat changes: London planners keeps its 10 seats. Sales change them and answer in "
        "one act, Set seats and answer."
    )


def test_seats_changed_meanwhile_are_not_added_twice(sales, wish):
    asked = {"seats": "+2", "answer": ANSWER}
    pages = [
        check(sales, "customerrequest", "grant", wish, **asked),
        check(sales, "licence", "seats", wish.licence, seats="+2"),
    ]
    done = [told(confirm(sales, page))[-1] for page in pages]

    assert done[1].startswith("London planners was changed by somebody else")
    assert Licence.objects.get().seats == 12


def test_a_request_for_help_asks_for_no_seats(sales, planners):
    owner = MembershipFactory(account=planners.account).user
    wish = requests.make(planners.account, RequestKind.HELP, "Please call.", by=owner)

    page = check(sales, "customerrequest", "grant", wish, seats="9", answer=ANSWER)

    assert told(page) == ["Help: this request asks for no seats of a licence."]


def test_emergency_seats_are_not_among_those_that_are_given(sales, wish):
    emergency_seats.give(wish.licence, 3, hours=4, by=TESTER)

    done = do(sales, "customerrequest", "grant", wish, seats="+2", answer=ANSWER)

    assert done[0].startswith("London planners: user limit 12. Answered")


def test_a_request_is_taken_and_the_queue_says_by_whom(support, sales, wish):
    page = support.get(address("customerrequest", "take", wish))
    assert told(confirm(support, page)) == [f"You see to it: {wish} of {wish.account}."]

    wish.refresh_from_db()
    assert "Nobody sees to it now." in text_of(page)
    assert wish.taken_by == "Anna Kowalski <anna@vendor.example>"
    assert wish.taken_by in html.unescape(sales.get("/support/requests/").text)
    assert told(confirm(support, page))[-1].startswith(f"{wish} was changed by somebody else")
    again = support.get(address("customerrequest", "take", wish))
    assert told(confirm(support, again)) == ["You see to this request already."]
    over = sales.get(address("customerrequest", "take", wish))
    confirm(sales, over)
    wish.refresh_from_db()
    assert not wish.taken_by.startswith("Anna")
    assert wish.account.audit_entries.filter(action="request_taken").count() == 2


def test_an_answer_begins_with_one_that_is_often_given(support, wish):
    address_of_form = address("customerrequest", "answer", wish)

    form = support.get(f"{address_of_form}&begin=release").context["form"]

    assert form["answer"].value().startswith("An owner or manager of your account can release")
    assert "London planners" in form["answer"].value()
    assert support.get(f"{address_of_form}&begin=nonesuch").status_code == 404
