"""Reading the portal in one's own language."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from licensing import rules
from licensing.models import AuditEntry
from licensing.rules import NewRule
from portal.models import Role, User
from portal.people import invitations
from tests.factories import TESTER


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [("de", "de"), ("de-AT,en;q=0.5", "de"), ("fr", "en-gb"), ("en-US", "en-gb")],
)
def test_is_the_browsers_for_a_stranger(db, wanted, shown):
    response = Client(headers={"accept-language": wanted}).get("/accounts/login/")

    assert response["Content-Language"] == shown
    assert f'<html lang="{shown}"' in response.text


def test_of_a_choice_comes_before_the_browsers(owner):
    response = owner.post("/language/", {"language": "de", "next": "/sessions/"})

    assert response["Location"] == "/sessions/"
    assert '<html lang="de"' in owner.get("/", headers={"accept-language": "en"}).text


def test_that_is_unknown_is_the_browsers(owner):
    owner.post("/language/", {"language": "tlh"})

    assert '<html lang="de"' in owner.get("/", headers={"accept-language": "de"}).text


def test_of_the_admin_is_english(staff):
    response = staff.get("/admin/login/", headers={"accept-language": "de"})

    assert response["Content-Language"] == "en-gb"


def test_changes_nothing_but_the_sentence_of_what_the_api_answers(db, owner):
    owner.get("/", headers={"accept-language": "de"})  # leaves nothing behind

    answers = [
        Client(headers={"accept-language": wanted}).post("/api/v1/sessions", {}, "application/json")
        for wanted in ("de", "en")
    ]

    aside = {"request_id": "", "server_time": "", "detail": ""}
    german, english = (answer.json() | aside for answer in answers)
    assert german == english
    assert answers[1].json()["detail"].startswith("The licensing service")


def test_of_a_mail_is_its_readers(account, owner, mailoutbox):
    User.objects.filter(email="priya@example.com").update(language="de")
    invitations.invite(account, "new@example.com", Role.VIEWER, by=TESTER)
    Client().post("/accounts/password/reset/", {"email": "priya@example.com"})

    subjects = {message.to[0]: message.subject for message in mailoutbox}
    assert "invites you" in subjects["new@example.com"]
    assert "Sie" in next(m.body for m in mailoutbox if m.to == ["priya@example.com"])


def test_of_the_record_is_english_whoever_acts(account):
    with translation.override("de"):
        rules.add(account, NewRule(username="jsmith"), by=TESTER, reason="Left us")

    assert AuditEntry.objects.latest("number").object_name == "Block jsmith on any machine"
