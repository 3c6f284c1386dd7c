"""The figures on top of the page of use, each with how it is counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.usage.asked import UseAsked, today
from portal.usage.cards import day_in_words
from portal.usage.figures import Figures
from portal.usage.since import untold, with_beginning
from portal.words.times import moment_in_full


@dataclass(frozen=True)
class Tile:
    """One figure. ``name`` is its own in the page; ``before`` tells the same of the days before.

    ``value`` is None where nothing was counted.
    """

    name: str
    label: str | Promise
    value: float | None
    note: str | Promise
    of: int | None = None
    before: str = ""

    @property
    def written(self) -> str:
        return number_in_words(self.value)


LABELS = {
    "peak": gettext_lazy("Peak"),
    "percentile": gettext_lazy("95th percentile"),
    "mean_at_work": gettext_lazy("Mean in working hours"),
    "seat_hours": gettext_lazy("Hours used"),
    "people": gettext_lazy("People"),
    "true_denials": gettext_lazy("True denials"),
    "full_minutes": gettext_lazy("Minutes full"),
}
NOTES = {
    "peak": gettext_lazy("most seats in use at once"),
    "percentile": gettext_lazy("seats that were enough in 19 of 20 working hours"),
    "mean_at_work": gettext_lazy("seats in use, %(hours)s"),
    "seat_hours": gettext_lazy("time that seats were taken, added up"),
    "people": gettext_lazy("different people who held a seat on these days"),
    "true_denials": gettext_lazy("refusals: people who got no seat within 10 minutes, each time"),
    "full_minutes": gettext_lazy("time in which no seat was free"),
}
OF_WORK = ("percentile", "mean_at_work")
"""Those of working time, whatever else is asked for."""


def tiles(figures: Figures, use: UseAsked) -> Iterator[Tile]:
    """Every figure, with that of the days before if it is to be compared; see ``compared_with``."""
    before = figures.before if use.compares else None
    for name, label in LABELS.items():
        if name == "people" and not use.tells_who:
            continue
        value = value_of(figures, name)
        yield Tile(
            name,
            label,
            value,
            note_of(figures, use, name) if value is not None else untold(figures),
            of=seats_of(figures, name) if value is not None else None,
            before=told_before(before, name) if before else "",
        )


def value_of(figures: Figures, name: str) -> float | None:
    """A figure as a number: of people, how many. None if no time counts of which it could be."""
    value = getattr(figures, name) if figures.has_time else None
    if value is None:
        return None
    return len(value) if name == "people" else float(value) if value % 1 else int(value)


def seats_of(figures: Figures, name: str) -> int | None:
    """Of how many seats a figure is: those of the moment of a peak, else those of all the time."""
    if name == "peak":
        return figures.seats_at_peak
    return figures.seats_throughout if name in OF_WORK else None


def told_before(before: Figures, name: str) -> str:
    """What a figure was on the days before."""
    return _("%(n)s before") % {"n": number_in_words(value_of(before, name))}


def compared_with(use: UseAsked) -> str:
    """Which days figures are compared with, in words; "" if none."""
    if not use.compares:
        return ""
    before, now = use.range.before, today(use.working)
    first, last = (day_in_words(day, now) for day in (before.first, before.last))
    if before.length == 1:
        return _("Before: on %(first)s, the same day of the week before.") % {"first": first}
    text = _("Before: from %(first)s to %(last)s, as many days and the same days of the week.")
    return text % {"first": first, "last": last}


def note_of(figures: Figures, use: UseAsked, name: str) -> str | Promise:
    """How a figure is counted, in a few words; of the peak, when it was."""
    if name in OF_WORK:
        return with_beginning(NOTES[name] % {"hours": use.working_hours}, figures)
    if name == "peak" and figures.highest:
        start = figures.highest.start.astimezone(figures.zone)
        return _("in the quarter of an hour from %(when)s") % {
            "when": moment_in_full(start, now=figures.range.until)
        }
    if name == "full_minutes" and len(figures.licences) > 1:
        return _("time in which no seat was free, added up over %(n)s pools") % {
            "n": len(figures.licences)
        }
    return NOTES[name]


def number_in_words(value: float | None) -> str:
    """A number with at most one digit behind the point, in the reader's way."""
    if value is None:
        return "–"
    return number_format(value, None if value % 1 == 0 else 1, force_grouping=True)
