"""What may be asked for in the address of a list."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import msgspec
from django.http import HttpRequest, QueryDict
from msgspec import Meta

from licensing import errors
from licensing.api import parsers
from licensing.api.documents import FieldProblem, Request
from licensing.models.denials import DenialClass
from licensing.numbers import number_in
from portal.audit.listed import Kind
from portal.licences.listed import Days
from portal.lists.cursors import Id, Moment
from portal.sessions.narrowings import Narrowing
from portal.words.refusals import Reason
from portal.words.statuses import LicenceStatus

EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)
LATEST = dt.datetime.max.replace(tzinfo=dt.UTC)
WHOLE_NUMBERS = ("limit", "licence", "part_of")
MOST_ENTRIES = 10**15
"""No record has as many."""
ENDS_TOO_EARLY = FieldProblem(pointer="/until", detail="This is before `since`.")
ON_PAGES = {"licences": "licence"}
"""What pages call it."""

Licence = Annotated[Id | None, Meta(description="Only of the licence with this id.")]
IDS = "^([0-9]{1,18}(,[0-9]{1,18})*)?$"
Licences = Annotated[
    str,
    Meta(pattern=IDS, description="Only of the licences with these ids, with commas between them."),
]
Words = Annotated[
    str, Meta(description="Only what has these words, as in the search box of the page.")
]
Until = Annotated[
    Moment | None, Meta(description="Only what happened before this time, written as in `since`.")
]
Since = Annotated[
    Moment | None,
    Meta(
        description="Only what happened at this time or later: RFC 3339 with a time zone, such as "
        "2026-11-24T14:05:00Z (a + is written %2B in an address)."
    ),
]


class ListQuery(Request, frozen=True, kw_only=True):
    """How much of a list, and from where."""

    limit: Annotated[int, Meta(ge=1, le=100, description="How many at most, 1 to 100.")] = 50
    after: Annotated[
        str, Meta(description="Where the page before ended. Follow `next` instead of making it up.")
    ] = ""


class LicenceQuery(ListQuery, frozen=True, kw_only=True):
    """Which licences."""

    state: Annotated[
        LicenceStatus | None,
        Meta(description="Only licences in this state."),
    ] = None
    q: Words = ""
    tag: Annotated[str, Meta(description="Only licences with this tag.")] = ""
    product: Annotated[str, Meta(description="Only licences of the product with this code.")] = ""
    version: Annotated[
        str, Meta(description="Only licences on whose devices this version was open last.")
    ] = ""
    unused: Annotated[
        Days | None,
        Meta(description="Only single-user licences that nobody opened for so many days."),
    ] = None
    ends: Annotated[
        Days | None, Meta(description="Only licences that end within so many days.")
    ] = None


class KeyQuery(ListQuery, frozen=True, kw_only=True):
    """Which keys."""

    licence: Licence = None


class SessionQuery(ListQuery, frozen=True, kw_only=True):
    """Which sessions: those that hold a seat, unless the state asks for ended ones."""

    state: Annotated[
        Narrowing | None,
        Meta(
            description="Only sessions in this state; without it, all that hold a seat. Long: open "
            "for more than 8 hours; remote: in a remote session, such as Citrix."
        ),
    ] = None
    q: Annotated[
        str,
        Meta(
            description="Only sessions with these words, or that filters such as `user:jsmith` and "
            "`last>2h` let through, as in the search box of the page."
        ),
    ] = ""
    licence: Licence = None
    since: Since = None
    until: Until = None
    ended_since: Annotated[
        Moment | None, Meta(description="Only sessions that ended at this time or later.")
    ] = None


class DenialQuery(ListQuery, frozen=True, kw_only=True):
    """Which denials."""

    state: Annotated[
        DenialClass | None,
        Meta(
            description="Only denials of this class. True: no seat was free, and the person got "
            "none within 10 minutes; repeat: another try of the same person."
        ),
    ] = None
    q: Annotated[
        str,
        Meta(
            description="Only denials with these words, or that filters such as `user:jsmith` and "
            "`last>2h` let through, as in the search box of the page."
        ),
    ] = ""
    reason: Annotated[
        Reason | None,
        Meta(description="Only denials with this code."),
    ] = None
    licence: Licence = None
    licences: Licences = ""
    since: Since = None
    until: Until = None


class UseQuery(ListQuery, frozen=True, kw_only=True):
    """Which hours of use."""

    licences: Annotated[
        str,
        Meta(
            pattern=IDS,
            description="Only of the licences with these ids, with commas between them; without "
            "it, of all pools.",
        ),
    ] = ""
    since: Annotated[
        Moment | None,
        Meta(
            description="Only hours that end after this time: RFC 3339 with a time zone, such as "
            "2026-11-24T14:05:00Z. Without it, those of the last 30 days."
        ),
    ] = None
    until: Annotated[Moment | None, Meta(description="Only hours that begin before this time.")] = (
        None
    )


class AuditQuery(ListQuery, frozen=True, kw_only=True):
    """Which entries of the audit log."""

    who: Annotated[str, Meta(description="Only what somebody with this in their name did.")] = ""
    about: Annotated[
        str, Meta(description="Only what is about an object of this name, or has this id.")
    ] = ""
    kind: Annotated[
        Kind | None,
        Meta(description="Only what is about objects of this kind."),
    ] = None
    staff: Annotated[
        Literal["1"] | None, Meta(description="1: only what the vendor's staff did.")
    ] = None
    part_of: Annotated[
        Annotated[int, Meta(ge=1, le=MOST_ENTRIES)] | None,
        Meta(description="Only what is part of the act with this number, such as an import."),
    ] = None
    since: Since = None
    until: Until = None


class PeopleQuery(ListQuery, frozen=True, kw_only=True):
    """Which people."""

    q: Words = ""


def read[Q: ListQuery](request: HttpRequest, kind: type[Q]) -> Q:
    """What the address asks for; raise RequestInvalid with all that is wrong in it."""
    asked = as_asked(request.GET.dict())
    if wrong := list(parsers.problems_in(asked, kind)):
        raise invalid(wrong)
    query = msgspec.convert(asked, kind)
    if is_turned_round(query):
        raise invalid([ENDS_TOO_EARLY])
    return query


def invalid(wrong: list[FieldProblem]) -> errors.RequestInvalid:
    """The error for an address."""
    return errors.RequestInvalid(errors.RequestInvalid.of_address, errors=wrong)


def is_turned_round(query: ListQuery) -> bool:
    """Whether the time that is asked for ends before it begins."""
    since, until = getattr(query, "since", None), getattr(query, "until", None)
    return bool(since and until and in_utc(since) > in_utc(until))


def as_asked(parameters: dict[str, str]) -> dict[str, str | int]:
    """The parameters, with numbers where numbers are wanted and were written."""
    asked: dict[str, str | int] = dict(parameters)
    for name in WHOLE_NUMBERS:
        number = number_in(parameters.get(name, ""))
        if number is not None:
            asked[name] = number
    return asked


def as_address(query: ListQuery) -> QueryDict:
    """What is asked for, as the page that lists the same rows is asked for it."""
    address = QueryDict(mutable=True)
    for name, value in msgspec.structs.asdict(query).items():
        if isinstance(value, str | int) and value != "":
            address.appendlist(ON_PAGES.get(name, name), str(value))
    return address


def in_utc(moment: dt.datetime) -> dt.datetime:
    """The same moment in UTC; the earliest or latest there is, where it has none."""
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        return EARLIEST if moment.year == EARLIEST.year else LATEST
