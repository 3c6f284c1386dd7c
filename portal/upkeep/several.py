"""Of several machines: which of them beats, and whether the standby for reports keeps up."""

from __future__ import annotations

from django.conf import settings
from django.db import Error, connections

from licensing import standby
from licensing.outages import first_line, what_to_do
from licensing.readiness import Fault
from portal.upkeep import beating

FROM_CLONE = "from a clone, `.venv/bin/python -m config.command_line {}`"
START_WORKER = f"Start `licensing-portal worker` ({FROM_CLONE.format('worker')})."
START_BEAT = (
    f"Start `licensing-portal beat` ({FROM_CLONE.format('beat')}), on any machine or on several: "
    "one of them beats."
)
MEANWHILE = "Until then the primary answers for it."
NAME_STANDBY = (
    "Let REPORTS_DATABASE_URL name a standby of DATABASE_URL's server, with the same database and "
    f"user. {MEANWHILE}"
)
CATCH_UP = f"Let PostgreSQL replicate to it again. {MEANWHILE}"


def standby_of_reports() -> str | Fault:
    """Whether the standby is fresh enough for lists and use over time."""
    if standby.ALIAS not in connections:
        return "REPORTS_DATABASE_URL names none."
    try:
        wrong, late = standby.mistaken(), standby.behind()
    except Error as error:
        said, remedy = first_line(error), what_to_do(error, "REPORTS_DATABASE_URL")
        return Fault(f"REPORTS_DATABASE_URL: {said}", f"{remedy} {MEANWHILE}")
    if wrong:
        return Fault(f"REPORTS_DATABASE_URL: {wrong}", NAME_STANDBY)
    if late is None:
        return Fault("It is no standby, or one that has replayed nothing yet.", NAME_STANDBY)
    if late > settings.STANDBY_LAG:
        return Fault(f"The standby lacks the last {late}.", CATCH_UP)
    return f"It lacks the last {late.total_seconds():.1f} s."


def beat() -> str | Fault:
    """Which machine beats, and how long ago it was heard of."""
    found = beating.last_turn()
    if found is None:
        return Fault("None was ever started.", START_BEAT)
    machine, ago = found
    if ago > beating.LASTS:
        return Fault(
            f"The last, on {machine}, was there {ago.total_seconds():.0f} s ago.", START_BEAT
        )
    return f"On {machine}, {ago.total_seconds():.0f} s ago."
