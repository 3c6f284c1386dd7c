"""What a provider says is believed only as far as it is proved, against one that lies."""

from __future__ import annotations

import time

import pytest

from portal.sent import page_marks
from tests.browsers import Browser
from tests.pages import said
from tests.people import signed_in
from tests.portal.sso.provider import PRIYA, come_back, is_signed_in, sign_in


@pytest.fixture
def inside(client, lies, account):
    """The browser of an owner who came in through the provider."""
    sign_in(client, PRIYA, account)
    return client


def test_the_truth_is_believed(client, lies, account):
    sign_in(client, PRIYA, account)

    assert is_signed_in(client)


LIES = [
    {"is_signed": False},
    {"nonce": "another"},
    {"nonce": None},
    {"aud": "another"},
    {"aud": ["portal", "another"], "azp": "another"},
    {"iss": "https://login.example.com"},
    {"exp": 1},
    {"sub": None},
    {"sub": "4711\0"},
    {"sub": "9" * 257},
    {"email_verified": False},
    {"email_verified": "true"},
    {"email_verified": None, "xms_edov": "false"},
    {"email": "stranger@hill.example"},
    {"email": None},
]


@pytest.mark.slow
def test_no_lie_is(lies, account):
    believed = []
    for lie in LIES:
        lies.tell(**lie)
        response = sign_in(browser := Browser(), PRIYA, account)
        if is_signed_in(browser) or response["Location"] != "/single-sign-on/":
            believed.append(lie)

    assert believed == []


def test_entras_word_for_the_domain_counts(client, lies, account):
    lies.tell(email_verified=None, xms_edov=True)

    sign_in(client, PRIYA, account)

    assert is_signed_in(client)


def test_a_test_says_that_it_could_not_verify(lies, account):
    browser = signed_in(account.memberships.get().user)
    lies.tell(is_signed=False)

    response = come_back(browser, PRIYA, browser.post("/security/single-sign-on/test/"))

    text = (
        "The provider answered, but its word could not be verified. Compare what it has of the "
        "portal, and the portal of it, with the values below."
    )
    assert said(response)[-1] == ("error", text)


def reveal(browser, pool):
    """Ask for the key by the form of a page, which waits for the provider's word."""
    form = {page_marks.FIELD: browser.mark()}
    return browser.post(f"/licences/{pool.licence_id}/keys/{pool.pk}/reveal/", form)


def confirm(browser, account, asked):
    """Be sent to the provider by the page that asks, and come back."""
    page = browser.get(asked["Location"])
    form = {"next": page.context["next"], "purpose": "confirm"}
    go = browser.post(f"/accounts/single-sign-on/{account.pk}/login/", form)
    assert "prompt=login" in go["Location"]
    assert "max_age=0" in go["Location"]
    return come_back(browser, PRIYA, go)


def test_a_key_is_shown_after_the_provider_asked_again(inside, account, pool):
    asked = reveal(inside, pool)

    response = confirm(inside, account, asked)

    assert asked["Location"].startswith("/single-sign-on/confirm/?next=")
    assert pool.plain in response.text
    assert pool.plain in reveal(inside, pool).text


@pytest.mark.slow
def test_no_key_is_shown_if_it_did_not(inside, account, pool, lies):
    for lie in ({"auth_time": int(time.time()) - 3600}, {"sub": "another-priya"}):
        asked = reveal(inside, pool)
        lies.tell(**lie)

        response = confirm(inside, account, asked)

        text = "Your provider did not confirm that it is you. Try again."
        assert said(response)[-1] == ("error", text), lie
        assert reveal(inside, pool)["Location"].startswith("/single-sign-on/confirm/"), lie


def test_the_time_of_the_token_stands_in_for_that_of_signing_in(inside, account, pool, lies):
    asked = reveal(inside, pool)
    lies.tell(auth_time=None)

    assert pool.plain in confirm(inside, account, asked).text


@pytest.mark.slow
def test_a_confirmation_does_not_outlive_who_one_was_there(inside, account, pool):
    confirm(inside, account, reveal(inside, pool))
    account.single_sign_on.links.all().delete()

    sign_in(inside, PRIYA, account)

    assert reveal(inside, pool)["Location"].startswith("/single-sign-on/confirm/")


def test_a_password_does_not_stand_in_for_the_provider(inside, pool):
    reveal(inside, pool)

    response = inside.post("/accounts/reauthenticate/", {"password": "anything"})

    assert response["Location"].startswith("/single-sign-on/confirm/")
