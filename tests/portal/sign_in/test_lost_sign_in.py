"""A form that is sent after its sign-in was lost: back to its page, and never to a blank one."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from portal.models import Role
from portal.views.redirects import page_above
from tests.browsers import Browser
from tests.factories import PASSWORD, MembershipFactory, UserFactory, make_session
from tests.portal.sent.marks import INVITATION, mark_on
from tests.product import every_url
from tests.product.access_matrix import PEOPLE, TABLE
from tests.product.every_url import read_table

ORIGIN = {"Origin": "http://testserver"}
ASKED = {"kind": "help", "text": "Please call & <ask> for Anna."}


def next_of(response):
    """Where sign-in leads on to."""
    return parse_qs(urlsplit(response["Location"]).query)["next"]


def test_a_release_goes_on_to_the_list_after_sign_in(owner, pool):
    address = f"/sessions/{make_session(pool).pk}/release/"
    referer = {"Referer": "http://testserver/sessions/?state=held#rows"}

    answer = Client().post(address, headers=referer)

    assert answer["Location"].startswith("/accounts/login/")
    assert next_of(answer) == ["/sessions/?state=held"]
    form = {"login": "priya@example.com", "password": PASSWORD, "next": next_of(answer)[0]}
    assert Client().post("/accounts/login/", form)["Location"] == "/sessions/?state=held"


@pytest.mark.parametrize("referer", ["", "https://evil.example/sessions/"])
def test_without_a_page_of_ours_it_goes_on_to_the_page_above(db, pool, referer):
    session = make_session(pool)

    answer = Client().post(f"/sessions/{session.pk}/release/", headers={"Referer": referer})

    assert next_of(answer) == [f"/sessions/{session.pk}/"]


@pytest.mark.slow
def test_no_form_of_a_stranger_leads_on_to_a_page_that_only_takes_forms(owner, values):
    """The admin's are asked by staff: it lets no owner read a page, so that none answers 405."""
    paths = [address.of(values) for address in every_url.every_address()]
    asked = [path for path in paths if not path.startswith(("/api/", "/admin/"))]
    answers = [(path, Client().post(path)) for path in asked]
    led = {
        path: next_of(answer)[0]
        for path, answer in answers
        if answer.status_code == 302 and "/accounts/login/?" in answer["Location"]
    }

    assert len(led) > 50
    assert {page for page in set(led.values()) if owner.get(page).status_code == 405} == set()


@pytest.mark.slow
def test_every_405_of_a_page_has_words_and_a_way_back(owner, values):
    """At the addresses that refuse to be read, as the access matrix has them."""
    refuse = {row for row, cells in read_table(TABLE.read_text(), PEOPLE).items()
              if cells["owner"].startswith("x/")}  # fmt: skip
    refused = {
        path: owner.get(path)
        for address in every_url.every_address()
        if address.name in refuse and not (path := address.of(values)).startswith("/api/")
    }

    assert len(refused) > 20
    assert {answer.status_code for answer in refused.values()} == {405}
    for path, answer in refused.items():
        assert "Nothing was sent" in answer.text, path
        assert f'href="{page_above(path)}"' in answer.text, path
        assert "POST" in answer["Allow"], path


@pytest.fixture
def strict(account):
    """A browser in which an owner signed in, and whose forms have to prove themselves."""
    user = UserFactory(email="priya@example.com")
    MembershipFactory(account=account, user=user, role=Role.OWNER)
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(user)
    return browser


def test_a_form_older_than_the_sign_in_is_kept_and_can_be_sent_again(strict, account):
    page = strict.get("/requests/new/")
    form = ASKED | {"sent_from": mark_on(page), "csrfmiddlewaretoken": "x" * 64}

    answer = strict.post("/requests/new/", form, headers=ORIGIN)

    assert answer.status_code == 403
    assert "You signed in again in another tab" in answer.text
    assert not account.requests.exists()
    token = {"csrfmiddlewaretoken": answer.context["csrf_token"]}
    strict.post(answer.context["address"], dict(answer.context["kept"]) | token, headers=ORIGIN)
    assert account.requests.get().text == ASKED["text"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_another_sites_form_is_not_repeated(strict, origin):
    answer = strict.post("/people/invite/", INVITATION, headers={"Origin": origin})

    assert answer.status_code == 403
    assert "This page is out of date" in answer.text
    assert INVITATION["emails"] not in answer.text
