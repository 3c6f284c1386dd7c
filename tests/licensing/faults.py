"""Faults of the hot statements, for controls: each takes a guard away that a test relies on."""

from __future__ import annotations

from licensing import pools, statements

OPENING = ("OPEN_SESSION", "OPEN_SESSION_ON_LAST_SEAT", "OPEN_SESSION_ON_SEAT")
SKIPS_LOCKED = "FOR UPDATE OF session, seat SKIP LOCKED"


def changed(statement, old, new, times=-1):
    """The statement with other text in it: a fault that changes nothing would prove nothing."""
    assert old in statement, f"no {old!r} in {statement}"
    return statement.replace(old, new, times)


def without(statement, start, end):
    """The statement without what stands from ``start`` to ``end``."""
    first = statement.index(start)
    return statement[:first] + statement[statement.index(end, first) :]


def plant_in_openings(plant, *change):
    """Change each statement that opens a session with a key that is known."""
    for name in OPENING:
        plant.setattr(pools, name, changed(getattr(pools, name), *change))


def refresh_that_revives():
    """REFRESH without its guard: whatever has ended goes on again."""
    unguarded = changed(statements.REFRESH, "AND session.ended_at IS NULL", "")
    return changed(unguarded, "SET ", "SET ended_at = NULL, end_reason = '', ", 1)
