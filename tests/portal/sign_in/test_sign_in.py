"""Signing in and out, and a forgotten password, end to end."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.hashers import (
    Argon2PasswordHasher,
    check_password,
    make_password,
)
from django.test import Client

from tests.factories import PASSWORD, UserFactory


@pytest.fixture
def person(db):
    """Somebody who can sign in."""
    return UserFactory(email="priya@example.com")


def test_signs_in_by_email_and_password(client, person):
    response = client.post(
        "/accounts/login/", {"login": "Priya@Example.com", "password": PASSWORD}, follow=True
    )

    assert response.context["user"] == person
    assert {name for name, cookie in client.cookies.items() if not cookie["httponly"]} == set()


@pytest.mark.usefixtures("no_cache")
def test_signs_in_without_the_cache_that_counts_tries(client, person):
    response = client.post(
        "/accounts/login/", {"login": person.email, "password": PASSWORD}, follow=True
    )

    assert response.context["user"] == person
    assert client.get("/").status_code != 429


def test_goes_on_to_the_page_that_was_asked_for(client, person):
    response = client.post(
        "/accounts/login/?next=/sessions/",
        {"login": person.email, "password": PASSWORD, "next": "/sessions/"},
    )

    assert response["Location"] == "/sessions/"


@pytest.mark.parametrize("login", ["priya@example.com", "nobody@example.com"])
def test_says_the_same_of_a_wrong_password_and_a_wrong_address(client, person, login):
    response = client.post("/accounts/login/", {"login": login, "password": "wrong"})

    assert "That e-mail and password don't match." in response.text.replace("&#x27;", "'")


@pytest.mark.parametrize("login", ["priya@example.com", "nobody@example.com"])
@pytest.mark.parametrize(("wrong", "times"), [("wrong", 1), ("fa\u0308lsch", 2)])
def test_takes_as_long_for_an_unknown_address(client, person, monkeypatch, login, wrong, times):
    """Hashing is what takes the time, so it is done as often for either."""
    hashed = []
    encode = Argon2PasswordHasher.encode
    monkeypatch.setattr(
        Argon2PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args)
    )
    verify = Argon2PasswordHasher.verify
    monkeypatch.setattr(
        Argon2PasswordHasher, "verify", lambda *args: hashed.append(1) or verify(*args)
    )

    client.post("/accounts/login/", {"login": login, "password": wrong})

    assert hashed == [1] * times


COMPOSED, DECOMPOSED = "ein h\u00f6lzerner L\u00f6ffel", "ein ho\u0308lzerner Lo\u0308ffel"


@pytest.mark.census
@pytest.mark.parametrize("hashed", [COMPOSED, DECOMPOSED])
@pytest.mark.parametrize("typed", [COMPOSED, DECOMPOSED])
def test_a_password_is_one_however_its_letters_are_composed(client, person, hashed, typed):
    """Whatever an older release hashed; it is hashed composed from then on, once."""
    person.password = make_password(hashed)
    person.save()

    response = sign_in(client, typed)
    person.refresh_from_db()
    kept = person.password
    sign_in(Client(), typed)
    person.refresh_from_db()

    assert response.context["user"] == person
    assert (check_password(COMPOSED, kept), person.password) == (True, kept)


def sign_in(client, password):
    sent = {"login": "priya@example.com", "password": password}
    return client.post("/accounts/login/", sent, follow=True)


def test_a_new_password_is_hashed_with_composed_letters(person):
    person.set_password(DECOMPOSED)

    assert check_password(COMPOSED, person.password)


@pytest.mark.parametrize("login", ["tired@example.com", "nobody@example.net"])
def test_too_many_tries_are_answered_alike(client, db, login):
    UserFactory(email="tired@example.com")
    wrong = {"login": login, "password": "wrong"}
    for _ in range(5):
        client.post("/accounts/login/", wrong, REMOTE_ADDR="192.0.2.44")

    response = client.post("/accounts/login/", wrong, REMOTE_ADDR="192.0.2.44")

    assert "Too many tries. Wait 30 seconds, or use a sign-in code." in response.text


def test_signs_out(owner):
    response = owner.post("/accounts/logout/", follow=True)

    assert not response.context["user"].is_authenticated
    assert owner.get("/sessions/").status_code == 302


def test_nobody_signs_up_without_an_invitation(client, db):
    response = client.get("/accounts/signup/")

    assert "<form" not in response.text


def test_a_forgotten_password_is_set_by_mail(client, person, mailoutbox):
    client.post("/accounts/password/reset/", {"email": person.email})
    [mail] = mailoutbox
    address = re.search(r"https?://testserver(/accounts/password/reset/key/\S+)", mail.body)[1]
    form = client.get(address)["Location"]

    client.post(form, {"password1": "a brand new password", "password2": "a brand new password"})

    assert mail.to == [person.email]
    assert client.login(email=person.email, password="a brand new password")


def test_an_unknown_address_looks_the_same(client, db, mailoutbox):
    response = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})

    assert response["Location"] == "/accounts/password/reset/done/"
    assert [mail.to for mail in mailoutbox] in ([], [["nobody@example.com"]])
