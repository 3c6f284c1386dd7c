"""Working hours in words: "Mon to Fri, 07:00 to 19:00"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from licensing.usage import working_hours
from licensing.usage.working_hours import WorkingHours

MIDNIGHT = dt.time()


def in_words(hours: WorkingHours) -> str:
    """Such as "Mon to Fri, 07:00 to 19:00"."""
    return _("%(days)s, %(opens)s to %(closes)s") % {
        "days": ", ".join(stretches(hours.days)),
        "opens": f"{hours.opens:%H:%M}",
        "closes": "24:00" if hours.closes == MIDNIGHT else f"{hours.closes:%H:%M}",
    }


def stretches(days: Sequence[int]) -> Iterator[str]:
    """Days that follow each other as one, from three on."""
    for _place, numbered in groupby(enumerate(days), key=lambda one: one[1] - one[0]):
        names = [str(WEEKDAYS_ABBR[day]) for _number, day in numbered]
        if len(names) > 2:
            yield _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
        else:
            yield from names


def recorded(text: str) -> str:
    """What the audit record says of them, in the reader's language."""
    try:
        return in_words(working_hours.recorded(text))
    except ValueError:
        return text
