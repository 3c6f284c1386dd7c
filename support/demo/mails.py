"""Mails that the demo keeps as files instead of sending them: what they say, for staff to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

KEEPS = "django.core.mail.backends.filebased.EmailBackend"
BETWEEN_MAILS = b"\n" + b"-" * 79 + b"\n"
"""What that writes behind each mail: several of one moment may share a file."""
FILES_READ = 200


@dataclass(frozen=True)
class Mail:
    """A mail as it was sent; its name is its file's, and its place there."""

    name: str
    to: str
    subject: str
    sent_at: dt.datetime
    plain: str
    html: str


def folder() -> Path | None:
    """Where mails are kept; None outside the demo, or if its mails go to a mail server."""
    mailer = settings.MAILERS["default"]
    if not settings.DEMO or mailer["BACKEND"] != KEEPS:
        return None
    return Path(mailer["OPTIONS"]["file_path"])


def newest_first(kept_in: Path) -> list[Mail]:
    """What was sent last, from the newest files."""
    files = sorted(kept_in.glob("*.log"), key=written_at, reverse=True)[:FILES_READ]
    return [mail for file in files for mail in reversed(list(mails_of(file)))]


def written_at(file: Path) -> int:
    """When the file was written: mails and names of files tell it in whole seconds."""
    return file.stat().st_mtime_ns


def named(name: str, kept_in: Path) -> Mail | None:
    """The mail of this name, if it is among the newest: a name leads to no other file."""
    return next((mail for mail in newest_first(kept_in) if mail.name == name), None)


def mails_of(file: Path) -> Iterator[Mail]:
    """The mails of a file, in the order in which they were sent."""
    for number, written in enumerate(file.read_bytes().split(BETWEEN_MAILS)[:-1]):
        message = message_from_bytes(written, policy=policy.default)
        yield as_read(f"{file.stem}-{number}", message)


def as_read(name: str, message: EmailMessage) -> Mail:
    """A message as people read it."""
    return Mail(
        name=name,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        sent_at=message["Date"].datetime,
        plain=part(message, "plain"),
        html=part(message, "html"),
    )


def part(message: EmailMessage, kind: str) -> str:
    """What the plain or the HTML part says; empty if there is none."""
    found = message.get_body((kind,))
    return str(found.get_content()) if found else ""
