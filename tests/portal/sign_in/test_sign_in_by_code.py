"""Signing in by a code that comes by e-mail."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine

from tests.factories import UserFactory

REQUEST, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"


@pytest.fixture
def person(db):
    return UserFactory(email="priya@example.com")


def code_in(mail):
    return re.search(r"^\w{3,4}-?\w{3,4}$", mail.body, re.MULTILINE)[0]


def test_signs_in(client, person, mailoutbox):
    client.post(REQUEST, {"email": person.email})
    [mail] = mailoutbox

    response = client.post(CONFIRM, {"code": code_in(mail)}, follow=True)

    assert mail.subject == "Your sign-in code, good for 15 minutes"
    assert response.context["user"] == person


def test_is_good_for_fifteen_minutes(client, person, mailoutbox):
    client.post(REQUEST, {"email": person.email})
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=16)

    with time_machine.travel(later):
        client.post(CONFIRM, {"code": code_in(mailoutbox[0])})

        assert client.get("/sessions/").status_code == 302


@pytest.mark.parametrize("email", ["priya@example.com", "nobody@example.com"])
def test_says_the_same_to_everybody(client, person, mailoutbox, email):
    response = client.post(REQUEST, {"email": email}, follow=True)

    assert f"If {email} has a sign-in, a code is on its way." in response.text
    assert [mail.to for mail in mailoutbox] == [[email]]


@pytest.mark.parametrize("email", ["tom@example.com", "nobody@example.org"])
def test_a_wrong_code_is_answered_alike(client, db, email):
    UserFactory(email="tom@example.com")
    client.post(REQUEST, {"email": email})

    answers = [client.post(CONFIRM, {"code": "WRONG1"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 302]


def test_who_asks_for_too_many_is_offered_another_way_in(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "1/m/ip"}
    client.post(REQUEST, {"email": "tom@example.com"})
    client.cookies.clear()

    page = client.post(REQUEST, {"email": "ann@example.com"})

    assert "E-mail address</a>: Too many codes were asked for. Wait a minute" in page.text
