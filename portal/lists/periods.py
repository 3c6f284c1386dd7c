"""The days that a list is about, as its address says.

``days`` are the last so many, today included; ``from`` and ``until`` are dates, both included.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date

from licensing.denials import Since

DAY = dt.timedelta(days=1)
PARAMETERS = ("from", "until", "days")
USUAL = (7, 30, 90)
"""The lengths of time that lists offer."""
YEAR = 365
"""What figures over time offer beyond those."""


@dataclass(frozen=True)
class Period:
    """Days in the viewer's time zone; None leaves a side open."""

    first: dt.date | None
    last: dt.date | None

    def holds(self, moment: str) -> Q:
        """That a row's moment is on one of the days."""
        condition = Q()
        if self.first:
            condition &= Q(**{f"{moment}__gte": start_of(self.first)})
        if self.last and self.last < dt.date.max:
            condition &= Q(**{f"{moment}__lt": start_of(self.last + DAY)})
        return condition

    @property
    def as_asked(self) -> dict[str, dt.datetime]:
        """The same for the API, which is asked for moments: from the one until before the other."""
        asked = {"since": start_of(self.first)} if self.first else {}
        if self.last and self.last < dt.date.max:
            asked["until"] = start_of(self.last + DAY)
        return asked

    def begins(self, days: int) -> bool:
        """Whether it is the last so many days, today included."""
        return self.last is None and self.first == days_ago(days)


def asked_for(parameters: QueryDict, *, days: int) -> Period:
    """What the address asks for; without a word of days, the last ``days``.

    What is no date leaves its side open.
    """
    wanted = parameters.get("days", "")
    if wanted in map(str, (*USUAL, YEAR)):
        return Period(days_ago(int(wanted)), None)
    if "from" not in parameters and "until" not in parameters:
        return Period(days_ago(days), None)
    return Period(date_in(parameters, "from"), date_in(parameters, "until"))


def since() -> Since:
    """When the days began whose denials are counted: the same days that a list of them shows."""
    return Since(*(start_of(days_ago(days)) for days in (7, 14, 30)))


def last(days: int) -> dict[str, str]:
    """The parameters that ask for the last so many days, in place of any others."""
    return {"days": str(days), "from": "", "until": ""}


def days_ago(days: int) -> dt.date:
    """The first of the last so many days, today included."""
    return timezone.localdate() - DAY * (days - 1)


def date_in(parameters: QueryDict, name: str) -> dt.date | None:
    """The date that a parameter is, if it is one."""
    try:
        date = parse_date(parameters.get(name, ""))
    except ValueError:  # such as 31 February
        return None
    return date if date and dt.date(1900, 1, 1) <= date <= dt.date(9000, 1, 1) else None


def start_of(date: dt.date) -> dt.datetime:
    """When the day begins in the viewer's time zone."""
    return timezone.make_aware(dt.datetime.combine(date, dt.time()))
