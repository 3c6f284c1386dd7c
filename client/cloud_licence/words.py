"""Words: what people read, in their language, from the one table that every client can ship."""

from __future__ import annotations

import datetime as dt
import errno
import functools
import json
from pathlib import Path
from typing import Any

ENGLISH = "en"
LATEST = 250e9
"""In the year 9892, after which no calendar goes."""

TROUBLE = {
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.ENOSPC: "full",
    errno.EROFS: "read_only",
    errno.ENOTDIR: "no_folder",
    errno.EEXIST: "no_folder",
}
"""What a disk may say; what is not here is told in the system's words."""


@functools.cache
def table() -> dict[str, Any]:
    """All words, by language."""
    text = Path(__file__).with_name("words.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def in_language(language: str) -> dict[str, Any]:
    """The words of a language, those of English if there are none."""
    found: dict[str, Any] = table().get(language.lower().partition("-")[0]) or table()[ENGLISH]
    return found


def has(name: str) -> bool:
    """Whether there are words of that name."""
    return name in table()[ENGLISH]


def say(language: str, name: str, **values: Any) -> str:
    """The words of that name, with these values in their places."""
    said: str = in_language(language)[name]
    return said.format(**values)


def trouble(language: str, error: OSError) -> str:
    """Why something on disk could not be done."""
    name = TROUBLE.get(error.errno or 0, "other")
    return say(language, f"problem.{name}", reason=error.strerror)


def moment(language: str, at: float, zone: dt.tzinfo | None) -> str:
    """A time as people read it on their own computer: ``Thu 26 Nov, 14:05``."""
    local = dt.datetime.fromtimestamp(max(0.0, min(at, LATEST)), dt.UTC).astimezone(zone)
    words = in_language(language)
    return say(
        language,
        "moment",
        weekday=words["weekdays"][local.weekday()],
        day=local.day,
        month=words["months"][local.month - 1],
        hour=f"{local.hour:02}",
        minute=f"{local.minute:02}",
    )


def date(language: str, day: dt.date) -> str:
    """A day as people read it: ``1 Dec 2026``."""
    month = in_language(language)["months"][day.month - 1]
    return say(language, "date", day=day.day, month=month, year=day.year)
