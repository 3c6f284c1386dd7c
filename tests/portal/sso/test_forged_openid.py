"""Forged tokens, states and codes of OpenID Connect, brought to the running product."""

from __future__ import annotations

import datetime
import math
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from portal.models import Role
from portal.sso import single_sign_on
from tests.factories import TESTER, AccountFactory
from tests.portal.sso.provider import PRIYA, is_signed_in, member, sign_in

DISCOVERY = "/.well-known/openid-configuration"


def public_key(key):
    """What everybody knows of the provider's key, as text."""
    return key.as_pem(private=False)


def client_secret(_key):
    """What the portal shares with the provider."""
    return b"hush"


FORGED = [
    {"header": {"alg": "none"}},
    {"header": {"alg": "nOnE"}},
    {"header": {"alg": "none", "kid": None}},
    {"header": {"alg": "HS256"}, "secret": public_key},
    {"header": {"alg": "HS256"}, "secret": client_secret},
    {"header": {"alg": "HS256", "kid": "another"}, "secret": public_key},
    {"header": {"alg": "RS256"}},
    {"header": {"alg": "RS256", "kid": 4711}},
    {"header": {"alg": "RS256", "kid": None}},
    {"header": {"alg": "RS256", "jwk": {"kty": "oct", "k": "aHVzaA"}}, "secret": client_secret},
    {"header": {"alg": "RS256", "jku": "https://evil.example/jwks"}},
    {"header": {"alg": "RS256", "crit": ["b64"], "b64": False}},
    {"nbf": 4_000_000_000},
    {"iat": 4_000_000_000},
    {"iss": None},
    {"aud": None},
    {"aud": []},
    {"exp": None},
    {"azp": "another"},
    {"is_signed": False, "sub": "another-priya"},
]
NONSENSE = [
    {"sub": "\ud800"},
    {"email": "\ud800@brook.example"},
    {"email": ["priya@brook.example"]},
    {"email": {"a": 1}},
    {"email": "a" * 300 + "@brook.example"},
    {"name": "\ud800\0"},
    {"name": {"a": 1}},
    {"nonce": "\u00e9"},
    {"nonce": 1},
    {"auth_time": math.inf},
    {"auth_time": "soon"},
    {"auth_time": None, "iat": None},
    {"exp": math.inf},
    {"exp": 1e300},
    {"exp": "4000000000"},
    {"iss": 1},
    {"aud": {"a": 1}},
    {"jti": "4711", "exp": 4_000_000_000},
    {"email_verified": [True]},
    {"xms_edov": [1], "email_verified": None},
    {"documents": {"/oauth2/token": lambda told: told | {"expires_in": math.inf}}},
    {"documents": {"/oauth2/token": lambda told: told | {"expires_in": "soon"}}},
    {"documents": {"/oauth2/token": lambda told: told | {"access_token": ["\ud800"]}}},
    {"documents": {"/oauth2/token": lambda told: told | {"id_token": {"a": 1}}}},
    {"documents": {"/oauth2/token": lambda told: told | {"id_token": "a.b.c"}}},
    {"documents": {"/oauth2/token": lambda told: told | {"id_token": None}}},
    {"documents": {"/oauth2/token": lambda _told: ["access_token"]}},
    {"documents": {"/jwks": lambda _told: {"keys": 1}}},
    {"documents": {"/jwks": lambda _told: {"keys": [1]}}},
    {"documents": {"/jwks": lambda told: {"keys": [told["keys"][0] | {"kty": "oct"}]}}},
    {"documents": {"/jwks": lambda told: {"keys": [told["keys"][0] | {"n": "!"}]}}},
    {"documents": {"/jwks": lambda told: {"keys": [told["keys"][0] | {"alg": "none"}]}}},
]
NEW = {"sub": "new", "email": "new@brook.example"}


@pytest.mark.slow
def test_no_forged_token_signs_anybody_in(lies, account):
    believed = []
    for lie in FORGED:
        lies.tell(**lie)
        sign_in(browser := Client(), PRIYA, account)
        believed += [lie] if is_signed_in(browser) else []

    assert believed == []


@pytest.mark.slow
def test_nonsense_is_answered_with_a_page(lies, account):
    """Newcomers join, so that what is said of them would be kept."""
    single_sign_on.take_newcomers(account, True, by=TESTER, reason="All planners.")

    for lie in NONSENSE:
        lies.tell(**NEW | lie)
        cache.clear()  # no pace is too quick
        assert sign_in(browser := Client(), PRIYA, account).status_code == 302, lie
        assert browser.get("/single-sign-on/").status_code == 200, lie


@pytest.fixture
def begun(client, lies, account):
    """The parameters with which the provider sends the browser back that pressed the button."""
    return brought(client, account)


def brought(browser, account, sub=PRIYA):
    """Press the account's button, sign in at the provider, and stop on the way back."""
    go = browser.post(f"/accounts/single-sign-on/{account.pk}/login/")
    at_provider = requests.post(go["Location"], data={"sub": sub}, allow_redirects=False)
    return {
        name: values[0]
        for name, values in parse_qs(urlsplit(at_provider.headers["Location"]).query).items()
    }


def come_back(browser, account, parameters):
    """Whether the browser is signed in after it came back with these."""
    address = f"/accounts/single-sign-on/{account.pk}/login/callback/"
    assert browser.get(address, parameters).status_code == 302
    return is_signed_in(browser)


def test_no_forged_state_signs_in_and_the_true_parameters_do(client, account, begun):
    for state in ("", "made-up", "\0"):
        assert not come_back(client, account, begun | {"state": state}), state

    assert come_back(client, account, begun)


@pytest.mark.slow
def test_nor_does_a_forged_answer_to_a_true_state(lies, account):
    believed = []
    for forged in (
        {"code": ""},
        {"code": "made-up"},
        {"iss": "https://login.example.com"},
        {"error": "access_denied"},
        {"error": "<script>"},
    ):
        browser = Client()
        if come_back(browser, account, brought(browser, account) | forged):
            believed.append(forged)

    assert believed == []


def test_the_state_of_another_browser_does_not(account, begun):
    assert not come_back(Client(), account, begun)


def test_a_state_counts_once(client, account, begun):
    come_back(client, account, begun)
    client.logout()

    assert not come_back(client, account, begun)


def test_a_state_counts_for_ten_minutes(client, account, begun):
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=11)):
        assert not come_back(client, account, begun)


def test_the_code_of_anothers_sign_in_does_not(client, account, begun):
    """Somebody slips the code of their own sign-in to somebody who has begun."""
    theirs = brought(Client(), account, "other@brook.example")

    assert not come_back(client, account, begun | {"code": theirs["code"]})


def test_the_code_that_another_client_was_given_does_not(client, liar, account, begun):
    issuer, _lies = liar
    asked = {"client_id": "another", "redirect_uri": "https://evil.example/", "scope": "openid"}
    theirs = requests.post(
        f"{issuer}/oauth2/authorize",
        params=asked | {"response_type": "code"},
        data={"sub": PRIYA},
        allow_redirects=False,
    )
    [code] = parse_qs(urlsplit(theirs.headers["Location"]).query)["code"]

    assert not come_back(client, account, begun | {"code": code})


@pytest.fixture
def other(liar, account):
    """Another account with the same provider."""
    issuer, _lies = liar
    made = AccountFactory(name="Hill & Dale")
    single_sign_on.set_up_openid(made, issuer=issuer, client_id="portal", secret="hush", by=TESTER)
    member(made, "hill@brook.example", Role.OWNER)
    return made


def test_what_was_begun_for_one_account_opens_no_other(client, account, begun, other):
    """Mixing providers up: the answer of one is brought where that of another is expected."""
    assert not come_back(client, other, begun)


def test_a_provider_that_names_anothers_addresses_learns_no_code(client, liar, lies, account):
    """It is set up as itself, and then says that tokens are to be had at another place."""
    issuer, _lies = liar
    cache.delete(f"openid:{issuer}")
    lies.tell(documents={DISCOVERY: lambda told: told | {"issuer": "https://login.example.com"}})

    response = client.post(f"/accounts/single-sign-on/{account.pk}/login/")

    assert response["Location"] == "/single-sign-on/"
