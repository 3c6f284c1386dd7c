"""Addresses in records, and the brakes that count them, hold behind a gateway that adds ports."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from licensing.models import AuditEntry
from tests.api.programs import ask
from tests.factories import PASSWORD, MembershipFactory, make_api_token

GATEWAY = "10.0.0.4"
TOO_MANY = "Too many tries."


@pytest.fixture(autouse=True)
def behind_gateway(settings):
    settings.TRUSTED_PROXY_COUNT = 1


@pytest.fixture
def person(account):
    return MembershipFactory(account=account).user


def browser_at(forwarded_for):
    """A browser whose requests come by the gateway, which wrote this."""
    return Client(REMOTE_ADDR=GATEWAY, headers={"X-Forwarded-For": forwarded_for})


def sign_in(browser, email, password=PASSWORD):
    """The answer to a try to sign in."""
    return browser.post("/accounts/login/", {"login": email, "password": password})


def guess(address, times):
    """The last page after so many wrong passwords from there, each for somebody else."""
    return [sign_in(browser_at(address(n)), f"{n}@example.com", "wrong") for n in range(times)][-1]


def test_a_sign_in_and_what_is_changed_are_recorded(person):
    browser = browser_at("6.6.6.6, [2001:db8:5::7]:51234")
    sign_in(browser, person.email)
    browser.post("/profile/", {"name": "New", "language": "", "time_zone": "", "theme": "auto"})

    assert UserSession.objects.get().ip == "2001:db8:5::7"
    assert AuditEntry.objects.get().address == "2001:db8:5::7"


def test_the_use_of_an_api_token_is_recorded(client, account):
    token = make_api_token(account)

    response = ask(client, token, headers={"X-Forwarded-For": "203.0.113.7:51234"})

    token.refresh_from_db()
    assert (response.status_code, token.last_used_from) == (200, "203.0.113.7")


def test_wrong_passwords_are_counted_for_each_address(db):
    braked = guess(lambda n: f"203.0.113.7:{n + 50000}", 11)

    assert TOO_MANY in braked.text
    assert TOO_MANY not in guess(lambda n: "203.0.113.8:50000", 1).text


def test_wrong_passwords_from_one_network_of_ipv6_are_counted_together(db):
    assert TOO_MANY in guess(lambda n: f"[2001:db8::{n}]:50000", 11).text


@pytest.mark.parametrize("forwarded_for", ["", "unknown"])
def test_whoever_comes_past_the_gateway_can_sign_in(person, forwarded_for):
    assert sign_in(browser_at(forwarded_for), person.email).status_code == 302


def test_whoever_comes_by_a_unix_socket_can_sign_in(person):
    browser = Client(REMOTE_ADDR="")

    assert sign_in(browser, person.email).status_code == 302
    assert browser.get("/accounts/sign-ins/").status_code == 200
