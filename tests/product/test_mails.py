"""Every mail of the portal, word for word, to a reader of each language: ``mails.txt``.

Whoever causes a mail reads the other language and lives elsewhere. When the words change
on purpose, ``MAILS=write`` in the environment of this test (``-n0``) writes what is sent now:
read each line that it changed before it is committed.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.test import Client, RequestFactory, TestCase
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from portal.desk import requests
from portal.exports import files
from portal.models import (
    CustomerRequest,
    Delivery,
    EmailChange,
    Export,
    Invitation,
    RequestKind,
    RequestState,
    Role,
    User,
)
from portal.people import email_changes, invitations, mails_to_owners
from portal.sign_in import api_tokens, guesses, security_changes
from tests.factories import TESTER, MembershipFactory, UserFactory, make_api_token

SENT = Path(__file__).with_name("mails.txt")
NOW = dt.datetime(2026, 11, 24, 20, 5, tzinfo=dt.UTC)
SOON = dt.datetime(2026, 11, 26, 20, 5, tzinfo=dt.UTC)
READERS = {"en-gb": "America/New_York", "de": "Asia/Tokyo"}
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
CHANGES = [
    (r"/key/[\w-]+/", "/key/…/"),
    (r"/(requests|exports)/\d+/", r"/\1/…/"),
    (r"^[A-Z0-9]{3,}-?[A-Z0-9]{3,}$", "CODE"),
    (r"clt_\w{4}", "clt_…"),
]
"""What differs from one run to the next."""
WRITTEN = {
    "name": "Priya Shah",
    "message": "See you on Monday.",
    "request": "We grow.",
    "answer": "They are yours.",
    "reason": "The provider is gone",
}
"""What people wrote that stands in mails."""
HOSTILE = """</p><b id='evil' onload="x">&{{ 7 }}%s"""
TIME = re.compile(r"\d\d:\d\d [A-Z]{3}\b")


@pytest.fixture
def reader(account):
    """An owner who has chosen a language and a zone."""

    def of(language):
        user = UserFactory(name="Rea Der", email="rea@example.com")
        user.language, user.time_zone = language, READERS[language]
        user.save()
        return MembershipFactory(account=account, user=user).user

    return of


def invitation(account, user):
    return Invitation.objects.create(
        account=account, email=user.email, role=Role.MANAGER, invited_by=WRITTEN["name"],
        message=WRITTEN["message"], code="the-code", ends_at=SOON,
    )  # fmt: skip


def request_of(account, user, **more):
    return CustomerRequest.objects.create(
        account=account, kind=RequestKind.SEATS, seats=12, text=WRITTEN["request"],
        asked_by=str(user), asked_by_email=user.email, **more,
    )  # fmt: skip


def send_answer(account, user):
    answered = request_of(
        account, user, state=RequestState.ANSWERED, answer=WRITTEN["answer"], answered_at=NOW
    )
    requests.mail("request_answered", answered, to=user.email, asked_by=user)


def send_end_of_token(account, user):
    token = make_api_token(account)
    token.ends_at = SOON
    api_tokens.send_end(token)


def send_export(account, user):
    made = {"listed": "sessions", "format": "csv", "language": "en-gb", "rows": 3, "ends_at": SOON}
    files.send(Export.objects.create(account=account, person=user, **made))


def send_failed_export(account, user):
    failed = {"listed": "sessions", "format": "csv", "language": "en-gb", "ends_at": SOON}
    export = Export.objects.create(account=account, person=user, **failed)
    files.send(export, "export_failed")


def send_email_change(account, user):
    codes = {"old_code": "the-old", "new_code": "the-new"}
    email_changes.send(
        EmailChange.objects.create(user=user, email="new@example.com", ends_at=SOON, **codes)
    )


def send_email_change_by_support(account, user):
    codes = {"old_code": "the-old", "new_code": "the-new"}
    email_changes.send(
        EmailChange.objects.create(
            user=user, email="new@example.com", ends_at=SOON, due_at=SOON, **codes
        )
    )


def send_security_change(account, user):
    change = security_changes.CHANGES["mfa/email/totp_activated"]
    origin = security_changes.origin_of("192.0.2.7", FIREFOX)
    security_changes.mail(user, change.subject, origin=origin)


def send_wrong_passwords(_account, user):
    request = RequestFactory().get("/", headers={"User-Agent": FIREFOX}, REMOTE_ADDR="192.0.2.7")
    with TestCase.captureOnCommitCallbacks(execute=True):
        guesses.tell(request, user)


def send_single_sign_on(account, _user):
    subject = gettext_lazy("Single sign-on was turned off in %(account)s")
    mails_to_owners.tell(account, subject, by=TESTER, reason=WRITTEN["reason"])


def ask_for(path, email):
    """What a stranger's browser asks for, which wants German just when the reader does not."""
    language = translation.get_language()
    Client(headers={"accept-language": language}).post(path, {"email": email})


CAUSES = {
    "mail/invitation": lambda account, user: invitations.send(invitation(account, user), by=TESTER),
    "mail/invitation_asked": lambda account, user: invitations.tell_owners(
        invitation(account, user)
    ),
    "mail/request_made": lambda account, user: requests.mail(
        "request_made", request_of(account, user), to=settings.SALES_EMAIL, asked_by=user
    ),
    "mail/request_answered": send_answer,
    "mail/api_token_ends": send_end_of_token,
    "mail/export": send_export,
    "mail/export_failed": send_failed_export,
    "mail/email_change": send_email_change,
    "mail/email_change_by_support": send_email_change_by_support,
    "mail/security_change": send_security_change,
    "mail/single_sign_on": send_single_sign_on,
    "mail/wrong_passwords": send_wrong_passwords,
    "account/email/login_code_message": lambda _, user: ask_for(
        "/accounts/login/code/", user.email
    ),
    "account/email/password_reset_key_message": lambda _, user: ask_for(
        "/accounts/password/reset/", user.email
    ),
    "account/email/unknown_account_message": lambda _account, _user: ask_for(
        "/accounts/password/reset/", "nobody@example.com"
    ),
}


def as_text(mail):
    """What stands in the mail, above the signature."""
    text = f"To: {mail.to[0]}\nSubject: {mail.subject}\n\n" + mail.body.partition("\n--\n")[0]
    for pattern, instead in CHANGES:
        text = re.sub(pattern, instead, text, flags=re.MULTILINE)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@pytest.mark.parametrize("language", READERS)
@pytest.mark.parametrize("name", CAUSES)
def test_is_in_the_words_and_times_of_its_reader(account, reader, mailoutbox, name, language):
    user = reader(language)
    [other] = READERS.keys() - {language}
    with (
        time_machine.travel(NOW, tick=False),
        timezone.override("Europe/Athens"),
        translation.override(other),
    ):
        CAUSES[name](account, user)
    Delivery.objects.update(valid_until=None)  # it is later than that by the database's clock

    head = f"=== {name}, {language}"
    sent = "\n---\n".join(map(as_text, mailoutbox))
    if os.environ.get("MAILS") == "write":
        write(head, sent)
    assert sent == written()[head]
    for mail in mailoutbox:
        [(html, _kind)] = mail.alternatives
        assert set(TIME.findall(html)) == set(TIME.findall(mail.body))


@pytest.mark.parametrize("name", CAUSES)
def test_nothing_that_people_write_is_markup(account, reader, mailoutbox, monkeypatch, name):
    """Not the account's name, a person's, or any text; and the plain part has it as it is."""
    account.name = HOSTILE
    account.save()
    user = reader("en-gb")
    User.objects.update(name=HOSTILE)
    user.refresh_from_db()
    for what in WRITTEN:
        monkeypatch.setitem(WRITTEN, what, HOSTILE)

    CAUSES[name](account, user)
    Delivery.objects.update(valid_until=None)

    for mail in mailoutbox:
        [(html, _kind)] = mail.alternatives
        assert "<b id=" not in html
        assert "&lt;" not in mail.body + mail.subject
        assert ("&lt;b id=" in html) is (HOSTILE in mail.body)


def written():
    """The mails of the file, by their heads."""
    parts = re.split(r"^(=== .*)$", SENT.read_text(), flags=re.MULTILINE)[1:]
    return {head: text.strip() for head, text in zip(parts[::2], parts[1::2], strict=True)}


def write(head, sent):
    mails = (written() if SENT.exists() else {}) | {head: sent}
    SENT.write_text("\n\n".join(f"{head}\n\n{mails[head]}" for head in sorted(mails)) + "\n")


def test_none_is_left_out():
    mails = [path for folder in ("mail", "account/email") for path in TEMPLATES.glob(f"{folder}/*")]
    names = {path.relative_to(TEMPLATES).with_suffix("").as_posix() for path in mails}

    bases = {"mail/base", "account/email/base_message"}
    assert {name for name in names if not name.endswith("_subject")} - bases == set(CAUSES)
