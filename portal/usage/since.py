"""From when on time counts, in words: that use began within a range, or that nothing is told."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.usage.asked import today
from portal.usage.figures import Figures
from portal.words.times import date_in_words


def with_beginning(text: str, figures: Figures) -> str:
    """The text; where use began within the range, it says since when that is told."""
    if figures.since == figures.range.since:
        return text
    day = date_in_words(figures.first_day, today=today(figures.range.working))
    return _("%(text)s, since %(day)s") % {"text": text, "day": day}


def untold(figures: Figures) -> str:
    """Why nothing is told: no time counts, or none of it is working time."""
    return _("No working time in these days.") if figures.is_used else _("No use recorded.")
