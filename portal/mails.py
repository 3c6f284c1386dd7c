"""Mails that have a plain and an HTML part, in the language and time zone of whoever reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from licensing.models import Account
from licensing.names import on_one_line
from portal import languages, zones

PARTS = ("_subject.txt", ".txt", ".html")


@contextmanager
def read_by(email: str, account: Account | None = None) -> Iterator[None]:
    """Words and times are those of whoever reads mails at this address."""
    with zones.for_mail(email, account), languages.for_mail(email):
        yield


def write(
    name: str,
    context: dict[str, Any],
    *,
    to: str,
    account: Account | None = None,
    known_as: str = "",
    reply_to: Sequence[str] = (),
) -> None:
    """Write to one address what the three templates of this name in ``mail/`` say.

    ``account`` is the one that the mail is about. ``known_as`` is the address by which
    we know the reader, if it is another.
    """
    with read_by(known_as or to, account):
        subject, text, html = (render_to_string(f"mail/{name}{part}", context) for part in PARTS)
    mail = EmailMultiAlternatives(on_one_line(subject), text, to=[to], reply_to=reply_to or None)
    mail.attach_alternative(html, "text/html")
    mail.send()
