"""Sending a mail that has a plain and an HTML part."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMultiAlternatives


def send(subject: str, text: str, html: str, *, to: str, reply_to: Sequence[str] = ()) -> None:
    """Send both parts to one address."""
    mail = EmailMultiAlternatives(subject.strip(), text, to=[to], reply_to=reply_to or None)
    mail.attach_alternative(html, "text/html")
    mail.send()
