"""Whether anybody can start with a licence, which more seats alone don't bring about."""

from __future__ import annotations

import datetime as dt

from licensing.models import Licence
from licensing.models.licences import LicenceState
from support.words import day


def out_of_term(licence: Licence, on: dt.date | None = None) -> str:
    """Why its term lets nobody start on that day, else today; or ""."""
    on = on or licence.today
    if licence.starts_on and on < licence.starts_on:
        return f"its term begins on {day(licence.starts_on)}"
    if licence.ends_on and licence.ends_on < on:
        return f"its last day is {day(licence.ends_on)}"
    return ""


def why_nobody_starts(licence: Licence, on: dt.date | None = None) -> str:
    """Why nobody starts on that day, else today, however many seats are free; or ""."""
    if licence.state != LicenceState.ACTIVE:
        return f"the licence is {licence.get_state_display().lower()}"
    return out_of_term(licence, on)


def all_the_same(why: str) -> list[str]:
    """That nobody starts, as the page of an act says it; nothing where people can."""
    return [f"Nobody starts the program all the same: {why}."] if why else []
