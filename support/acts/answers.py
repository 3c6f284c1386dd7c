"""Answers that the desk often gives: an answer begins with one, and is finished by hand."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from portal.models import CustomerRequest
from support.acts.records import Beginning

ANSWERS: dict[str, tuple[str, str]] = {
    "seen-to": (
        "We see to it",
        "Thank you for your message about {what}. We see to it, and write again by ",
    ),
    "which": (
        "We need to know more",
        "Thank you for your message about {what}. To help we need the reference below the "
        "program's message, or the user and the machine. Please do not send us the product key.",
    ),
    "seats": (
        "More seats: an order is needed",
        "Thank you for asking for more seats of {what}. Please send us your order with its "
        "reference; the seats are there as soon as we have it.",
    ),
    "release": (
        "A seat that nobody uses",
        "An owner or manager of your account can release a seat of {what} that nobody uses: under "
        "Sessions in the portal. The program there stays open, and takes a seat when it needs one.",
    ),
    "settled": ("It is settled", "What you asked about {what} is settled. "),
}
"""By a name for the address: what staff choose from, and what the customer would read."""


def choices() -> list[tuple[str, str]]:
    """Their names and what they are called."""
    return [(name, called) for name, (called, _text) in ANSWERS.items()]


def begin(request: CustomerRequest, name: str) -> dict[str, Any]:
    """What the form has at first; 404 for no such answer."""
    if name not in ANSWERS:
        raise Http404
    what = str(request.licence or "your licences")
    return {"answer": ANSWERS[name][1].format(what=what)}


BEGINNING = Beginning("Answer to begin with", choices, begin)
