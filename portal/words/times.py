"""Times and lengths in words: "3 min ago", "26 Nov 14:05", "Thu 26 Nov, 14:05 GMT", "6 h 12 m".

Moments are shown in Django's active time zone, which is the viewer's. Sentences name it; lists
leave it to the foot of the page. The order of day and month is the language's (``config/formats``).
``static/js/rel-time.js`` keeps the relative words fresh; it finds the same words in
the head of ``base.html``.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _

RELATIVE_FOR = dt.timedelta(hours=24)
"""How long after a moment it is still told as "3 min ago"."""

MINUTE, HOUR, DAY = 60, 3600, 86_400


def moment_in_full(moment: dt.datetime, *, now: dt.datetime | None) -> str:
    """Return "Thu 26 Nov, 14:05 GMT", with the year if it is not this year or ``now`` is None."""
    local = timezone.localtime(moment)
    is_this_year = now is not None and local.year == timezone.localtime(now).year
    pattern = "MOMENT_FORMAT" if is_this_year else "MOMENT_OF_YEAR_FORMAT"
    return f"{formats.date_format(local, pattern)} {local.tzname()}"


def moment_in_lists(moment: dt.datetime, *, now: dt.datetime) -> str:
    """Return "26 Nov 14:05", with the year if it is not this year.

    The zone stands at the foot of the page, and here in an hour that clocks show twice.
    """
    local = timezone.localtime(moment)
    return f"{date_in_words(local.date(), today=timezone.localdate(now))} {time_in_words(local)}"


def moment_in_short(moment: dt.datetime, *, now: dt.datetime) -> str:
    """Return "3 min ago" for a moment less than 24 h past, else "26 Nov 14:05"."""
    age = now - moment
    if not dt.timedelta() <= age < RELATIVE_FOR:
        return moment_in_lists(moment, now=now)
    seconds = int(age.total_seconds())
    if seconds < MINUTE:
        return gettext("just now")
    if seconds < HOUR:
        return gettext("%(n)s min ago") % {"n": seconds // MINUTE}
    return gettext("%(n)s h ago") % {"n": seconds // HOUR}


def last_day_before(moment: dt.datetime, zone: dt.tzinfo | None = None) -> dt.date:
    """The last day, there, some of which comes before a moment; the viewer's unless one says."""
    return timezone.localdate(moment - dt.timedelta(microseconds=1), zone)


def time_in_words(local: dt.datetime) -> str:
    """Return "14:05", what clocks show then; an hour that they show twice has its zone's name."""
    shown = formats.time_format(local, "H:i")
    is_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{shown} {local.tzname()}" if is_twice else shown


def date_in_words(date: dt.date, *, today: dt.date | None) -> str:
    """Return "14 Jan", with the year if it is not this year or ``today`` is None."""
    is_this_year = today is not None and date.year == today.year
    day = dt.date(date.year, date.month, date.day)  # equal moments may be of different days
    return written(day, get_language(), with_year=not is_this_year)


def weekday_in_words(date: dt.date, *, today: dt.date) -> str:
    """Return "Tue 1 Dec", with the year if it is not this year."""
    pattern = "WEEKDAY_FORMAT" if date.year == today.year else "WEEKDAY_OF_YEAR_FORMAT"
    return formats.date_format(date, pattern)


@lru_cache(maxsize=4096)
def written(date: dt.date, language: str | None, *, with_year: bool) -> str:
    """A date in a language. Pages tell the same hundreds of days again and again."""
    return formats.date_format(date, "DAY_OF_YEAR_FORMAT" if with_year else "DAY_FORMAT")


def length_in_words(length: dt.timedelta) -> str:
    """Return a length by its two largest units: "40 s", "15 m", "6 h 12 m", "48 h", "30 d 4 h"."""
    seconds = int(length.total_seconds())
    if seconds < MINUTE:
        return gettext("%(n)s s") % {"n": max(seconds, 0)}
    if seconds < HOUR:
        return gettext("%(n)s m") % {"n": seconds // MINUTE}
    if seconds <= 2 * DAY:
        hours = gettext("%(n)s h") % {"n": seconds // HOUR}
        minutes = seconds % HOUR // MINUTE
        return hours + " " + gettext("%(n)s m") % {"n": minutes} if minutes else hours
    days = gettext("%(n)s d") % {"n": seconds // DAY}
    hours_left = seconds % DAY // HOUR
    return days + " " + gettext("%(n)s h") % {"n": hours_left} if hours_left else days


def utc_stamp(moment: dt.datetime) -> str:
    """Return the RFC 3339 form in UTC, to the second: what ``<time datetime>`` wants."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def at_time(moment: dt.datetime) -> str:
    """ "at 13:58 GMT" today, else "on Thu 26 Nov, 14:05 GMT"."""
    local = timezone.localtime(moment)
    if local.date() == timezone.localdate():
        return _("at %s") % f"{format_date(local, 'H:i')} {local.tzname()}"
    return _("on %s") % moment_in_full(moment, now=timezone.now())


def midnight_after(day: dt.date) -> dt.datetime:
    """The end of a day in the zone in which the person reads times."""
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())
    return timezone.make_aware(midnight)
