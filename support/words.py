"""Numbers and times as staff read them before they act."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.utils import timezone

from licensing.models import Account


def number_of(number: int, noun: str, plural: str = "") -> str:
    """``1 machine``, ``31 machines``, ``no machine``."""
    if not number:
        return f"no {noun}"
    return f"1 {noun}" if number == 1 else f"{number:,} {plural or noun + 's'}"


def moment(at: dt.datetime, account: Account) -> str:
    """``Tue 1 Dec, 09:00 GMT``: in the account's zone, with the year when it is another."""
    zone = zoneinfo.ZoneInfo(account.time_zone)
    local = at.astimezone(zone)
    year = "" if local.year == timezone.now().astimezone(zone).year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year}, {local:%H:%M %Z}"


def last_day_of(ends_on: dt.date | None) -> str:
    """``last day 14 Jan 2027``, ``without end``."""
    return f"last day {day(ends_on)}" if ends_on else "without end"


def day(date: dt.date | None) -> str:
    """``14 Jan 2027``."""
    return f"{date.day} {date:%b %Y}" if date else "no date"


def weekday(date: dt.date | None) -> str:
    """``Tue 1 Dec 2026``."""
    return f"{date:%a} {day(date)}" if date else "no date"
