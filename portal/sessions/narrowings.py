"""Which of the active sessions a list may be narrowed to, and how they are counted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, DecimalField, Func, Q, Sum, Value, When
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from licensing.models.sessions import SessionState

LONG = dt.timedelta(hours=8)
NARROWINGS: dict[str, tuple[str | Promise, Q]] = {
    "active": (gettext_lazy("Active"), Q(state=SessionState.ACTIVE)),
    "quiet": (gettext_lazy("Quiet"), Q(state=SessionState.QUIET)),
    "offline": (gettext_lazy("Offline"), Q(state=SessionState.OFFLINE)),
    "held": (gettext_lazy("Held"), Q(state=SessionState.HELD)),
    "ending": (gettext_lazy("Ending"), Q(state=SessionState.ENDING)),
    "long": (gettext_lazy("Longer than 8 h"), Q(started_at__lte=Now() - LONG)),
    "remote": (gettext_lazy("Citrix or remote"), ~Q(os_session="")),
}

IS_LONG, IS_REMOTE = NARROWINGS["long"][1], NARROWINGS["remote"][1]
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
