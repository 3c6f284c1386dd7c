"""While somebody waits for a provider, others are told so at once, and all else works."""

from __future__ import annotations

import threading

import pytest
import requests
from django.core.cache import cache

from portal.outbound import turns
from tests.pages import said
from tests.portal.sso.provider import PRIYA, is_signed_in, member

BUSY = "Your provider's sign-in is busy. Try again in a moment."


@pytest.fixture
def taken():
    """Hold the turn of this process, as a request in another thread does; ends when called."""
    is_held, is_over = threading.Event(), threading.Event()

    def hold():
        with turns.turn():
            is_held.set()
            is_over.wait()

    holding = threading.Thread(target=hold)

    def let_go():
        is_over.set()
        holding.join()

    holding.start()
    is_held.wait()
    yield let_go
    let_go()


def test_the_button_says_so_and_can_be_pressed_again(
    client, single, account, issuer, taken, caplog
):
    cache.delete(f"openid:{issuer}")
    button = f"/accounts/single-sign-on/{account.pk}/login/"

    busy = client.post(button, {"next": "/licences/"})
    taken()
    again = client.post(button, {"next": busy.context["next"]})

    assert (busy.status_code, busy["Retry-After"]) == (503, "5")
    assert "sign-in is busy" in busy.text
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    assert f"form-action 'self' {issuer}" in busy["Content-Security-Policy"]
    assert again["Location"].startswith(issuer)


def test_who_comes_back_meanwhile_comes_in_by_trying_again(client, single, account, issuer, taken):
    member(account, PRIYA)
    cache.set(f"openid:{issuer}", discovered(issuer))
    go = client.post(f"/accounts/single-sign-on/{account.pk}/login/")
    at_provider = requests.post(go["Location"], data={"sub": PRIYA}, allow_redirects=False)
    here = at_provider.headers["Location"]

    busy = client.get(here)
    taken()
    client.get(here)

    assert (busy.status_code, busy["Retry-After"]) == (503, "5")
    assert busy.context["request"].get_full_path() in here
    assert is_signed_in(client)


def discovered(issuer):
    """What the provider says of itself, asked by nobody's turn."""
    return requests.get(f"{issuer}/.well-known/openid-configuration").json()


@pytest.mark.usefixtures("single", "taken")
def test_what_owners_ask_says_so_and_keeps_what_they_typed(owner, account, issuer):
    cache.delete(f"openid:{issuer}")
    settings_page = "/security/single-sign-on/"
    domain = account.email_domains.create(name="hill.example")

    form = owner.post(settings_page, {"issuer": issuer, "client_id": "other", "secret": "hush"})
    owner.post(f"{settings_page}test/")
    checked = owner.post(f"{settings_page}domains/{domain.pk}/check/")

    assert form.context["provider_form"].non_field_errors() == [BUSY]
    assert 'value="other"' in form.text
    assert said(checked) == [("error", BUSY), ("error", BUSY)]


@pytest.mark.usefixtures("single", "taken")
def test_everything_else_works(client, owner):
    assert client.get("/accounts/login/").status_code == 200
    assert client.post("/single-sign-on/", {"email": PRIYA}).status_code == 200
    assert owner.get("/").status_code == 200
    assert owner.get("/security/single-sign-on/").status_code == 200
