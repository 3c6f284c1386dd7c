"""Asking the vendor's desk, reading its answer, withdrawing."""

from __future__ import annotations

import pytest

from licensing.errors import AlreadyDone
from portal.desk import requests
from portal.models import CustomerRequest, RequestKind
from tests.factories import TESTER, AccountFactory, UserFactory, make_pool
from tests.pages import last_entry, said

NEW = "/requests/new/"


@pytest.fixture
def wanted(account, pool):
    """A request for more seats."""
    asker = UserFactory(name="Priya Shah", email="asker@example.com")
    return requests.make(
        account, RequestKind.SEATS, "We grow.", by=asker, licence=pool.licence, seats=12
    )


def page_of(request):
    return f"/requests/{request.pk}/"


def ask(browser, **asked):
    return browser.post(NEW, {"kind": "help", "text": "Please call."} | asked)


def test_asks_for_more_seats(viewer, pool, mailoutbox):
    ask(viewer, kind="seats", licence=pool.licence_id, seats=12, text="We grow.")

    request = CustomerRequest.objects.get()
    assert (request.licence, request.seats, request.state) == (pool.licence, 12, "open")
    assert last_entry()[0] == "request_made"
    assert [message.to for message in mailoutbox] == [["sales@example.com"]]
    assert mailoutbox[0].subject == "More seats: Brook & Co"
    assert mailoutbox[0].reply_to == [request.asked_by_email]
    assert "London planners" in mailoutbox[0].body


def test_a_licences_page_leads_to_the_filled_in_form(viewer, pool):
    page = viewer.get(NEW, {"licence": pool.licence_id, "kind": "seats"})

    assert page.context["form"]["licence"].value() == str(pool.licence_id)
    assert page.context["form"]["kind"].value() == "seats"


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"text": " "}, {"text"}),
        ({"kind": "seats"}, {"licence", "seats"}),
        ({"kind": "seats", "seats": 0}, {"licence", "seats"}),
        ({"kind": "gift"}, {"kind"}),
    ],
)
def test_says_what_is_missing_and_keeps_the_rest(viewer, pool, asked, wrong):
    response = ask(viewer, **asked)

    assert response.status_code == 422
    assert set(response.context["form"].errors) == wrong
    assert not CustomerRequest.objects.exists()


def test_only_who_wants_seats_says_how_many(viewer):
    ask(viewer, seats=5)

    assert CustomerRequest.objects.get().seats is None


def test_another_accounts_licence_is_no_choice(viewer):
    other = make_pool(account=AccountFactory(name="Hill & Dale"))

    response = ask(viewer, kind="seats", licence=other.licence_id, seats=3)

    assert set(response.context["form"].errors) == {"licence"}


def test_shows_the_answer_and_mails_it(viewer, wanted, mailoutbox):
    requests.answer(wanted, "You have 12 from today.", by=TESTER, reason="Order 4711")

    assert last_entry() == ("request_answered", "Order 4711", "A test")
    page = viewer.get(page_of(wanted)).text
    assert "You have 12 from today." in page
    assert "Withdraw" not in page
    assert mailoutbox[-1].to == ["asker@example.com"]
    assert "You have 12 from today." in mailoutbox[-1].body


def test_is_answered_once(wanted):
    requests.answer(wanted, "Yes.", by=TESTER)

    with pytest.raises(AlreadyDone):
        requests.answer(wanted, "No.", by=TESTER)


def test_is_withdrawn_while_it_is_open(viewer, wanted):
    viewer.post(f"{page_of(wanted)}withdraw/")

    wanted.refresh_from_db()
    assert wanted.state == "withdrawn"
    assert last_entry()[0] == "request_withdrawn"


def test_an_answer_that_came_first_stays(viewer, wanted):
    requests.answer(wanted, "Yes.", by=TESTER)

    response = viewer.post(f"{page_of(wanted)}withdraw/")

    assert said(response) == [("info", "This request waits for no answer any more.")]


def test_lists_what_was_asked(viewer, wanted, django_assert_num_queries):
    with django_assert_num_queries(5):
        page = viewer.get("/requests/").text

    assert "Waiting for an answer" in page
    assert "London planners" in page


def test_says_so_when_nothing_was_asked(viewer):
    assert "Nothing asked yet" in viewer.get("/requests/").text


@pytest.mark.parametrize("who", ["stranger", "staff"])
def test_is_nobody_elses(request, who, wanted):
    browser = request.getfixturevalue(who)

    assert browser.get(page_of(wanted)).status_code == 404
    assert browser.post(f"{page_of(wanted)}withdraw/").status_code == 404
