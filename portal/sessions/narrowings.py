"""Which of the active sessions a list may be narrowed to, and how they are counted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import BooleanField, Case, DecimalField, Func, Q, Sum, Value, When
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from licensing.models.sessions import SessionState

LONG = dt.timedelta(hours=8)


class Narrowing(StrEnum):
    """What a list of sessions may be narrowed to; ended ones are listed instead of active ones."""

    ACTIVE = "active"
    QUIET = "quiet"
    OFFLINE = "offline"
    HELD = "held"
    ENDING = "ending"
    LONG = "long"
    REMOTE = "remote"
    ENDED = "ended"


NARROWINGS: dict[str, tuple[str | Promise, Q]] = {
    Narrowing.ACTIVE: (gettext_lazy("Active"), Q(state=SessionState.ACTIVE)),
    Narrowing.QUIET: (gettext_lazy("Quiet"), Q(state=SessionState.QUIET)),
    Narrowing.OFFLINE: (gettext_lazy("Offline"), Q(state=SessionState.OFFLINE)),
    Narrowing.HELD: (gettext_lazy("Held"), Q(state=SessionState.HELD)),
    Narrowing.ENDING: (gettext_lazy("Ending"), Q(state=SessionState.ENDING)),
    Narrowing.LONG: (gettext_lazy("Longer than 8 h"), Q(started_at__lte=Now() - LONG)),
    Narrowing.REMOTE: (gettext_lazy("Citrix or remote"), ~Q(os_session="")),
}
"""The words of those of the active ones, and which sessions they are."""

IS_LONG, IS_REMOTE = NARROWINGS[Narrowing.LONG][1], NARROWINGS[Narrowing.REMOTE][1]
FINGERPRINT = Sum(
    Func(
        *("pk", "refreshed_at", "reclaim_at"),
        template="hashtextextended(concat_ws(' ', %(expressions)s), 0)",
        output_field=DecimalField(max_digits=40, decimal_places=0),
    ),
    default=Value(0),
)
"""Changes when a session of a group comes, goes or refreshes."""


@dataclass(frozen=True)
class Chip:
    """One narrowing with how many sessions it leaves."""

    state: str
    label: str | Promise
    count: int | None
    query: str
    is_current: bool


def fact(condition: Q) -> Case:
    """Whether the condition holds of a row, as a column."""
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


def narrowings_of(group: dict[str, Any]) -> list[str]:
    """The narrowings besides its state that a group belongs to."""
    return [name for name in ("long", "remote") if group[f"is_{name}"]]
