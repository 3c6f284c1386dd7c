"""Every mail of the portal, word for word, to a reader of each language: ``mails.txt``.

Whoever causes a mail reads the other language and lives elsewhere. When the words change
on purpose, ``MAILS=write`` in the environment of this test (``-n0``) writes what is sent now:
read each line that it changed before it is committed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone, translation

from portal.models import Delivery, User
from tests.factories import MembershipFactory, UserFactory
from tests.product.mail_causes import CAUSES, NOW, WRITTEN

SENT = Path(__file__).with_name("mails.txt")
READERS = {"en-gb": "America/New_York", "de": "Asia/Tokyo"}
TEMPLATES = Path(settings.BASE_DIR) / "templates"
CHANGES = [
    (r"/key/[\w-]+/", "/key/…/"),
    (r"/(requests|exports|licences|webhooks)/\d+/", r"/\1/…/"),
    (r"^[A-Z0-9]{3,}-?[A-Z0-9]{3,}$", "CODE"),
    (r"clt_\w{4}", "clt_…"),
    (r"/stop/[\w:-]+/", "/stop/…/"),
    (r"licence=\d+", "licence=…"),
]
"""What differs from one run to the next."""
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
