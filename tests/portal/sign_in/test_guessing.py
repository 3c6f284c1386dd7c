"""Whoever guesses passwords is braked, and keeps nobody out of their own account."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.sign_in import guesses
from tests.factories import PASSWORD, MembershipFactory, UserFactory

HOME, ELSEWHERE = "192.0.2.7", "198.51.100.9"
NO_MORE = "Too many wrong passwords. Use a sign-in code or a passkey, or wait an hour."


@pytest.fixture
def person(account):
    """Somebody who signed in at home of late."""
    person = MembershipFactory(account=account, user=UserFactory(email="tired@example.com")).user
    sign_in(HOME)
    return person


def sign_in(address, password=PASSWORD, email="tired@example.com"):
    """The page that somebody there sees who tried to sign in."""
    return Client(REMOTE_ADDR=address).post(
        "/accounts/login/", {"login": email, "password": password}, follow=True
    )


def is_in(answer):
    return answer.context["user"].is_authenticated


@pytest.mark.slow
def test_who_guesses_elsewhere_bars_nobody(person):
    for _ in range(6):
        guess = sign_in(ELSEWHERE, "wrong")

    assert "Too many tries." in guess.text
    assert not is_in(sign_in(ELSEWHERE))
    assert is_in(sign_in("203.0.113.5"))


def test_guesses_from_ever_new_addresses_end_and_the_person_gets_in_at_home(person, monkeypatch):
    monkeypatch.setattr(guesses, "MOST_AN_HOUR", 3)
    for number in range(3):
        sign_in(f"198.51.{number}.1", "wrong")

    assert NO_MORE in sign_in("203.0.113.5").text
    assert is_in(sign_in(HOME))


def test_of_an_unknown_address_the_same_is_said(person, monkeypatch):
    monkeypatch.setattr(guesses, "MOST_AN_HOUR", 3)
    for number in range(3):
        sign_in(f"198.51.{number}.1", "wrong", "nobody@example.com")

    assert NO_MORE in sign_in("203.0.113.5", "wrong", "nobody@example.com").text


@pytest.mark.slow
def test_the_person_hears_of_it_once(person, mailoutbox):
    for number in range(guesses.TOLD_FROM + 2):
        sign_in(f"198.51.{number}.1", "wrong")

    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (
        ["tired@example.com"],
        "Many wrong passwords for your sign-in",
    )
    assert "198.51.9.1" in mail.body


def test_who_asks_for_many_codes_bars_nobody_at_home(person, mailoutbox, monkeypatch):
    monkeypatch.setattr(guesses, "MOST_CODES_AN_HOUR", 3)
    ask = {"email": person.email}
    for number in range(4):
        refused = Client(REMOTE_ADDR=f"198.51.{number}.1").post("/accounts/login/code/", ask)

    at_home = Client(REMOTE_ADDR=HOME).post("/accounts/login/code/", ask)

    assert "Too many codes were asked for." in refused.text
    assert at_home["Location"] == "/accounts/login/code/confirm/"
    assert len(mailoutbox) == 4
