"""Types of command arguments, each with an error that says what to write instead."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from argparse import ArgumentTypeError
from collections.abc import Callable

from django.core.management.base import CommandError

from licensing import durations
from licensing.names import fault_in
from licensing.numbers import as_signed


def text(at_most: int) -> Callable[[str], str]:
    """Text that is not empty, has no control characters and is no longer than its column.

    argparse reads a default that is text in this way too: leave it None.
    """

    def parse(argument: str) -> str:
        stripped = argument.strip()
        if not stripped:
            raise ArgumentTypeError("it must not be empty.")
        if len(stripped) > at_most:
            raise ArgumentTypeError(f"it may have {at_most} characters, not {len(stripped)}.")
        if fault_in(stripped):
            raise ArgumentTypeError("it has characters that are not text.")
        return stripped

    return parse


REASON_LENGTH = 2000
NO_TIME = ("0", "0s", "0m", "0h", "0d", "none")
reason = text(REASON_LENGTH)
"""Why an operator does it: kept in the audit record."""


def number(argument: str) -> int:
    """A whole number, marks between its thousands or not."""
    try:
        return int(as_signed(argument))
    except ValueError:
        raise ArgumentTypeError(f"{argument!r} is not a whole number.") from None


def date(argument: str) -> dt.date:
    """A date such as 2027-01-14."""
    try:
        return dt.date.fromisoformat(argument)
    except ValueError:
        raise ArgumentTypeError(f"{argument!r} is not a date; write 2027-01-14.") from None


MOMENT = "as 2026-11-29 or 2026-11-29T14:00Z; UTC where it names no zone"
NO_MOMENT = "write 2026-11-29 or 2026-11-29T14:00Z."
FIRST_YEAR, LAST_YEAR = 2000, 2999


def moment(argument: str) -> dt.datetime:
    """A time, or the beginning of a day; of UTC where no other zone is named."""
    try:
        read = dt.datetime.fromisoformat(argument)
    except ValueError:
        raise ArgumentTypeError(f"{argument!r} is not a time; {NO_MOMENT}") from None
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise ArgumentTypeError(f"{argument!r} is not a time of these centuries; {NO_MOMENT}")
    return (read if read.tzinfo else read.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


def require_range(
    since: dt.datetime, until: dt.datetime, *, longest: dt.timedelta = dt.timedelta.max
) -> None:
    """Raise CommandError unless the range ends after it begins and is no longer than that."""
    if until <= since:
        raise CommandError(
            f"The range ends at {until:%Y-%m-%d %H:%M}Z, which is not after it begins, "
            f"at {since:%Y-%m-%d %H:%M}Z."
        )
    if until - since > longest:
        raise CommandError(
            f"The range has {(until - since).days} days; at most {longest.days} are told at once."
        )


def duration(argument: str) -> dt.timedelta:
    """A duration such as 90s, 15m, 48h or 30d."""
    try:
        return durations.parse(argument)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def duration_or_none(argument: str) -> dt.timedelta:
    """A duration, or 0 (0h, none) for none at all."""
    return dt.timedelta() if argument.strip() in NO_TIME else duration(argument)


def duration_or_never(argument: str) -> dt.timedelta | None:
    """A duration, or None for ``never``."""
    return None if argument.strip().lower() == "never" else duration(argument)


def codes(argument: str) -> list[str]:
    """Codes with commas, semicolons or line breaks between them, each once, in their order."""
    parts = (part.strip().lower() for part in re.split(r"[,;\n]", argument))
    return list(dict.fromkeys(part for part in parts if part))


def session_id(argument: str) -> uuid.UUID:
    """The id of a session."""
    try:
        return uuid.UUID(argument)
    except ValueError:
        raise ArgumentTypeError(f"{argument!r} is not the id of a session.") from None
