"""The days that a list is about, as its address says.

``days`` are the last so many, today included; ``from`` and ``until`` are dates, both included.
A form sends all three: unchanged dates are what ``days`` means, and changed ones win.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from licensing.denials import Since

DAY = dt.timedelta(days=1)
PARAMETERS = ("from", "until", "days")
USUAL = (1, 7, 30, 90)
"""The lengths of time that lists offer."""
YEAR = 365
"""What figures over time offer beyond those."""
LONGEST_TOLD = 40
"""Characters of what is no day."""


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
    if length := length_in(parameters, timezone.localdate()):
        return Period(days_ago(length), None)
    if "from" not in parameters and "until" not in parameters:
        return Period(days_ago(days), None)
    return Period(date_in(parameters, "from"), date_in(parameters, "until"))


def length_in(parameters: QueryDict, today: dt.date) -> int | None:
    """The usual length that is asked for, unless dates beside it are others than it means."""
    length = usual_in(parameters)
    if length is None or not has_dates(parameters):
        return length
    dates = date_in(parameters, "from"), date_in(parameters, "until") or today
    return length if dates == (today - DAY * (length - 1), today) else None


def usual_in(parameters: QueryDict) -> int | None:
    """The usual length that stands there."""
    return next((n for n in (*USUAL, YEAR) if parameters.get("days") == str(n)), None)


def has_dates(parameters: QueryDict) -> bool:
    """Whether a date stands there."""
    return bool(parameters.get("from") or parameters.get("until"))


def settled(request: HttpRequest, today: dt.date) -> HttpResponseRedirect | None:
    """The way to the address with either a length or dates, where a form sent both.

    A length goes along with time, also in a link that somebody copies.
    """
    if not (usual_in(request.GET) and has_dates(request.GET)):
        return None
    left = request.GET.copy()
    for name in ("from", "until") if length_in(request.GET, today) else ("days",):
        left.pop(name, None)
    return HttpResponseRedirect(f"{request.path}?{left.urlencode()}")


def problem_in(
    parameters: QueryDict, first: dt.date | None, last: dt.date | None, today: dt.date
) -> str:
    """What is wrong with the days that were read from an address, in words; "" if nothing is."""
    if no_days := no_days_in(parameters):
        return no_days
    if first and first > today:
        return _("The range has not begun yet. Choose days that have passed.")
    if first and last and first > last:
        return _("The range ends before it begins. Change one of its days.")
    return ""


def no_days_in(parameters: QueryDict) -> str:
    """What is no day, or no number of days that can be chosen, in words."""
    for name in ("from", "until"):
        if (text := parameters.get(name, "")) and date_in(parameters, name) is None:
            return _("“%(text)s” is no day. Write days such as 2026-11-30.") % {
                "text": text[:LONGEST_TOLD]
            }
    if (text := parameters.get("days", "")) and usual_in(parameters) is None:
        return _("“%(text)s” is no number of days that can be chosen.") % {
            "text": text[:LONGEST_TOLD]
        }
    return ""


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
