"""What may be asked for in the address of a list."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import msgspec
from django.http import HttpRequest
from msgspec import Meta

from licensing import errors
from licensing.api import parsers
from licensing.api.documents import Document
from portal.cursors import Id, Moment

EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)
LATEST = dt.datetime.max.replace(tzinfo=dt.UTC)
WHOLE_NUMBERS = ("limit", "licence")
MOST_DIGITS = 20

Licence = Annotated[Id | None, Meta(description="Only of the licence with this id.")]
Since = Annotated[
    Moment | None,
    Meta(
        description="Only what happened at this time or later: RFC 3339 with a time zone, such as "
        "2026-11-24T14:05:00Z (a + is written %2B in an address)."
    ),
]


class ListQuery(Document, frozen=True, kw_only=True):
    """How much of a list, and from where."""

    limit: Annotated[int, Meta(ge=1, le=100, description="How many at most, 1 to 100.")] = 50
    after: Annotated[
        str, Meta(description="Where the page before ended. Follow `next` instead of making it up.")
    ] = ""


class LicenceQuery(ListQuery, frozen=True, kw_only=True):
    """Which licences."""

    state: Annotated[
        Literal["active", "over_limit", "ends_soon", "not_started", "ended", "suspended", "closed"]
        | None,
        Meta(description="Only licences in this state."),
    ] = None


class KeyQuery(ListQuery, frozen=True, kw_only=True):
    """Which keys."""

    licence: Licence = None


class SessionQuery(ListQuery, frozen=True, kw_only=True):
    """Which sessions: those that hold a seat, unless the state asks for ended ones."""

    state: Annotated[
        Literal["active", "quiet", "offline", "held", "ending", "ended"] | None,
        Meta(description="Only sessions in this state; without it, all that hold a seat."),
    ] = None
    licence: Licence = None
    since: Since = None


class DenialQuery(ListQuery, frozen=True, kw_only=True):
    """Which denials."""

    state: Annotated[
        Literal["true", "transient", "repeat", "policy", "entitlement", "key"] | None,
        Meta(
            description="Only denials of this class. True: no seat was free, and the person got "
            "none within 10 minutes; repeat: another try of the same person."
        ),
    ] = None
    licence: Licence = None
    since: Since = None


class AuditQuery(ListQuery, frozen=True, kw_only=True):
    """Which entries of the audit log."""

    since: Since = None


def read[Q: ListQuery](request: HttpRequest, kind: type[Q]) -> Q:
    """What the address asks for; raise RequestInvalid with all that is wrong in it."""
    asked = as_asked(request.GET.dict())
    if wrong := list(parsers.problems_in(asked, kind)):
        raise errors.RequestInvalid(errors=wrong)
    return msgspec.convert(asked, kind)


def as_asked(parameters: dict[str, str]) -> dict[str, str | int]:
    """The parameters, with numbers where numbers are wanted and were written."""
    asked: dict[str, str | int] = dict(parameters)
    for name in WHOLE_NUMBERS:
        text = parameters.get(name, "")
        if text.isascii() and text.isdecimal() and len(text) < MOST_DIGITS:
            asked[name] = int(text)
    return asked


def in_utc(moment: dt.datetime) -> dt.datetime:
    """The same moment in UTC; the earliest or latest there is, where it has none."""
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        return EARLIEST if moment.year == EARLIEST.year else LATEST
