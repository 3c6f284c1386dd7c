"""What the charts of use show: peaks day by day, the week, the time at each level."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import chain

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing.usage.values import QUARTER
from portal.usage.asked import UseAsked, starts, today
from portal.usage.charts import Bar, Cell, Chart, Heatmap, Mark
from portal.usage.figures import Figures
from portal.usage.since import untold, with_beginning
from portal.usage.values import Day, WeekHour
from portal.words.times import date_in_words, time_in_words

MOST_LEVELS = 300
"""A limit beyond it is not drawn: there would be no room for what was in use."""
MOST_BARS = 120
"""Where more numbers of seats were in use, a bar tells several."""


def peaks(figures: Figures, use: UseAsked) -> Chart:
    """The peak of each day; of one day alone, of each quarter of an hour."""
    if figures.range.length == 1:
        return Chart("peaks", of_day(figures), _("From"), _("Peak"), quarters_of_day(figures))
    query = use.query_with(**{"from": "", "until": "", "days": ""})
    bars = [bar_of(day, use, f"?{query}&" if query else "?") for day in figures.days]
    return Chart("peaks", full_days(figures), _("Day"), _("Peak"), bars)


def bar_of(day: Day, use: UseAsked, query: str) -> Bar:
    """A day, which leads to its quarters by the rest of this view's query."""
    url = f"{query}from={day.date}&until={day.date}"
    label = day_in_words(day.date, today(use.working))
    of_several = len(use.licences) > 1
    return Bar(
        label, day.peak, limit=day.seats, is_full=day.is_full, of_several=of_several, url=url
    )


def quarters_of_day(figures: Figures) -> list[Bar]:
    """The peak of every quarter of an hour that has begun."""
    peaks = {quarter.start: quarter.level for quarter in figures.quarters}
    full = figures.full_quarters
    return [
        Bar(
            time_in_words(start.astimezone(figures.zone)),
            peaks.get(start, 0) if start >= figures.since else None,
            limit=figures.limits.at(start + QUARTER),
            is_full=start in full,
            of_several=len(figures.licences) > 1,
        )
        for start in starts(figures.range.since, figures.range.until)
        if figures.counts(start)
    ]


def full_days(figures: Figures) -> str:
    """Such as "Full on 3 of 20 working days"; of several pools, that any of them was."""
    of = len(figures.working_days)
    return with_beginning(full_of(figures, of), figures) if of else untold(figures)


def full_of(figures: Figures, of: int) -> str:
    """The same of so many working days."""
    words = {"full": figures.full_days, "of": of}
    if len(figures.licences) > 1:
        text = ngettext(
            "At least one pool was full on %(full)s of %(of)s working day",
            "At least one pool was full on %(full)s of %(of)s working days",
            of,
        )
        return text % words
    text = ngettext(
        "Full on %(full)s of %(of)s working day", "Full on %(full)s of %(of)s working days", of
    )
    return text % words


def of_day(figures: Figures) -> str:
    """Such as "At most 10 of 12 in use, first from 10:15"."""
    if not figures.has_time:
        return untold(figures)
    if not figures.highest:
        return _("Nobody was in.")
    at = time_in_words(figures.highest.start.astimezone(figures.zone))
    words = {"peak": figures.peak, "seats": figures.seats_at_peak, "at": at}
    if figures.seats_at_peak is None:
        return _("At most %(peak)s in use, first from %(at)s") % words
    return _("At most %(peak)s of %(seats)s in use, first from %(at)s") % words


def day_in_words(day: dt.date, now: dt.date) -> str:
    """Such as "Thu 26 Nov"."""
    return f"{WEEKDAYS_ABBR[day.weekday()]} {date_in_words(day, today=now)}"


def week(figures: Figures) -> Heatmap:
    """The mean of each hour of the week, with its peak."""
    rows = [
        (str(WEEKDAYS_ABBR[weekday]), [cell_of(hour) for hour in hours])
        for weekday, hours in enumerate(figures.week)
    ]
    return Heatmap("week", busiest(figures), rows, [f"{hour:02}" for hour in range(24)])


def cell_of(hour: WeekHour) -> Cell:
    """An hour of the week."""
    if hour.mean is None:
        return Cell(None, hour_in_words(hour) + ": –")
    says = _("%(hour)s: %(mean)s on average, %(most)s at most") % {
        "hour": hour_in_words(hour),
        "mean": number_format(hour.mean, 1),
        "most": hour.most,
    }
    return Cell(
        hour.mean, says, f"{number_format(hour.mean, 1)} / {hour.most}" if hour.most else ""
    )


def hour_in_words(hour: WeekHour) -> str:
    """Such as "Monday 09:00"."""
    return f"{WEEKDAYS[hour.weekday]} {hour.hour:02}:00"


def busiest(figures: Figures) -> str:
    """When most seats are in use on average, in words."""
    if not figures.has_time:
        return untold(figures)
    hour = max(chain.from_iterable(figures.week), key=lambda hour: hour.mean or 0)
    if not hour.mean:
        return _("Nobody was in.")
    return _("Busiest on %(day)s from %(hour)s:00: %(mean)s seats in use on average") % {
        "day": WEEKDAYS[hour.weekday],
        "hour": f"{hour.hour:02}",
        "mean": number_format(hour.mean, 1),
    }


def levels(figures: Figures) -> Chart:
    """The share of working time with each number of seats in use."""
    of, value = _("Seats in use"), _("Share of working time")
    if figures.percentile is None:
        return Chart("levels", untold(figures), of, value, bars=())
    shares = {level.seats: level.share for level in figures.levels}
    limit = figures.seats if (figures.seats or 0) <= MOST_LEVELS else None
    top = max(figures.percentile, limit or 0, *shares)
    width = -(-(top + 1) // MOST_BARS)
    bars = [level_bar(range(at, at + width), shares) for at in range(0, top + 1, width)]
    marks = [
        Mark(figures.percentile // width, _("95th percentile: %(n)s") % {"n": figures.percentile})
    ]
    if limit is not None:
        marks.append(Mark(limit // width, limit_in_words(figures) % {"n": limit}))
    title = ngettext(
        "%(n)s seat was enough for 95 %% of working time",
        "%(n)s seats were enough for 95 %% of working time",
        figures.percentile,
    ) % {"n": figures.percentile}
    return Chart("levels", with_beginning(title, figures), of, value, bars, marks)


def limit_in_words(figures: Figures) -> str:
    """What the limit is called, which may have been another one before."""
    if figures.seats == figures.seats_throughout:
        return _("User limit: %(n)s")
    return _("User limit at the end: %(n)s")


def level_bar(seats: range, shares: Mapping[int, float]) -> Bar:
    """A number of seats, or some that follow each other, with their share in percent."""
    label = f"{seats[0]}–{seats[-1]}" if len(seats) > 1 else str(seats[0])
    share = round(sum(shares.get(number, 0.0) for number in seats) * 100, 1)
    return Bar(label, share, text=f"{number_format(share, 1)} %")
