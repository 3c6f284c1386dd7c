"""Two-step sign-in: set up, asked for, told by mail, and kept in the audit record."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import DatabaseError

from licensing import audit
from licensing.models import AuditEntry
from portal.models import User
from tests.factories import PASSWORD
from tests.people import unsure

ACTIVATE = "/accounts/two-step/totp/activate/"


@pytest.fixture
def secret(owner):
    """What the owner's authenticator app knows."""
    page = owner.get(ACTIVATE)
    secret = page.context["form"].secret
    owner.post(ACTIVATE, {"code": code(secret)})
    return secret


def code(secret):
    """What the app shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def sign_in(client):
    return client.post("/accounts/login/", {"login": "priya@example.com", "password": PASSWORD})


def test_a_passkey_asks_who_it_is_that_uses_it(owner):
    page = owner.get("/accounts/two-step/webauthn/add/")

    options = page.context["js_data"]["creation_options"]["publicKey"]
    assert options["authenticatorSelection"]["userVerification"] == "required"


def test_asks_for_the_password_before_it_is_set_up(owner):
    response = unsure(owner).get(ACTIVATE)

    assert response["Location"].startswith("/accounts/reauthenticate/")


def test_is_told_by_mail_and_in_the_audit_record(
    owner, mailoutbox, django_capture_on_commit_callbacks
):
    secret = owner.get(ACTIVATE).context["form"].secret

    with django_capture_on_commit_callbacks(execute=True):  # allauth tells of it then
        owner.post(ACTIVATE, {"code": code(secret)})

    assert "Two-step sign-in was turned on" in [mail.subject for mail in mailoutbox]
    assert list(AuditEntry.objects.values_list("action", "actor_name")) == [
        ("two_step_on", "Priya Shah <priya@example.com>")
    ]
    assert not any(secret in mail.body for mail in mailoutbox)


def test_the_secret_is_stored_encrypted(secret):
    stored = Authenticator.objects.get(type="totp").data["secret"]

    assert secret not in stored
    assert len(stored) > len(secret)


def test_the_password_alone_no_longer_signs_in(client, secret):
    response = sign_in(client)

    assert response["Location"].startswith("/accounts/two-step/authenticate/")
    assert client.get("/sessions/").status_code == 302


def test_a_recovery_code_signs_in_once(client, owner, secret):
    page = owner.get("/accounts/two-step/recovery-codes/")
    spare = re.search(r"<li><code>(\d+)</code>", page.text)[1]
    answers = []
    for _ in range(2):
        sign_in(client)
        answers.append(client.post("/accounts/two-step/authenticate/", {"code": spare}).status_code)
        client.post("/accounts/logout/")

    assert answers == [302, 200]


@pytest.mark.parametrize("page", ["", "download/", "generate/"])
def test_recovery_codes_are_shown_to_who_has_just_confirmed(owner, secret, page):
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)

    with time_machine.travel(later):
        response = owner.get(f"/accounts/two-step/recovery-codes/{page}")

    assert response["Location"].startswith("/accounts/reauthenticate/")


def test_a_code_confirms_who_it_is(client, owner, secret):
    assert "/accounts/two-step/reauthenticate/" in owner.get("/accounts/reauthenticate/").text


@pytest.mark.parametrize("page", ["totp/deactivate", "recovery-codes/generate"])
def test_what_cannot_be_recorded_is_not_done(owner, secret, monkeypatch, page):
    before = list(Authenticator.objects.order_by("pk"))
    monkeypatch.setattr(audit, "record", refuse)
    owner.raise_request_exception = False

    answer = owner.post(f"/accounts/two-step/{page}/")

    assert answer.status_code == 500
    assert list(Authenticator.objects.order_by("pk")) == before


def test_new_recovery_codes_are_recorded_once(owner, secret, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        owner.post("/accounts/two-step/recovery-codes/generate/")

    made = AuditEntry.objects.filter(action="recovery_codes_made")
    assert made.count() == 1


def test_an_app_is_not_turned_on_without_a_record(owner, monkeypatch):
    secret = owner.get(ACTIVATE).context["form"].secret
    monkeypatch.setattr(audit, "record", refuse)
    owner.raise_request_exception = False

    owner.post(ACTIVATE, {"code": code(secret)})

    assert not Authenticator.objects.exists()


def test_a_password_whose_change_cannot_be_recorded_stays(owner, monkeypatch):
    monkeypatch.setattr(audit, "record", refuse)
    owner.raise_request_exception = False
    new = "a staple of horses"

    answer = owner.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )

    assert answer.status_code == 500
    assert User.objects.get(email="priya@example.com").check_password(PASSWORD)


def refuse(*arguments, **options):
    raise DatabaseError("The record is full.")
