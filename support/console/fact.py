"""One thing that is known of a record, as a page tells it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from support.console.tables import page_of


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that is known: words, a moment, or a state; where it leads, if anywhere."""

    label: str
    value: str = ""
    at: dt.datetime | dt.date | None = None
    state: str = ""
    url: str = ""
    is_code: bool = False


def said(label: str, value: object) -> Fact:
    """A fact in words, or a number."""
    words = f"{value:,}" if isinstance(value, int) else str(value)
    return Fact(label=label, value=words if value else "")


def moment(label: str, at: dt.datetime | dt.date | None) -> Fact:
    """A fact that is a moment."""
    return Fact(label=label, at=at)


def to(label: str, record: Any, *, is_code: bool = False) -> Fact:
    """A fact that is a record with a page of its own; nothing where there is none."""
    if record is None:
        return said(label, "")
    return Fact(label=label, value=str(record), url=page_of(record), is_code=is_code)
