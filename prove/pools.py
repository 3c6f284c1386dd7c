"""That no pool was over its limit at any committed moment: four witnesses, none of which is enough.

Answers make stretches certain during which sessions held seats; the database keeps
when a session started and ended; another connection counted during the run; and the
schema's rows are there at the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from prove.database import Database
from prove.history import History, Sample
from prove.holds import Hold, Limits, grants, holds

CLOCK = 2.0
"""Seconds by which a session's times in the database may differ from its commit: a statement
has its time a moment before it looks."""


def over_limit(history: History, database: Database) -> Iterator[str]:
    """Every pool that was over its limit, and how that is known."""
    certain, limits = holds(history), Limits(history)
    yield from over_by_answers(certain, limits)
    yield from over_at_a_grant(history, certain, limits)
    yield from over_by_database(history, database, limits)
    yield from over_by_samples(history)


def over_by_answers(certain: list[Hold], limits: Limits) -> Iterator[str]:
    """Pools with more certain holds at one moment than the highest limit so far."""
    for licence, stretches in by_licence(certain).items():
        number, at = most_at_once([(hold.start, hold.end) for hold in stretches])
        if number > limits.highest_so_far(licence, at):
            yield f"licence {licence}: {number} clients held a seat at {at:.3f}, by their answers"


def over_at_a_grant(history: History, certain: list[Hold], limits: Limits) -> Iterator[str]:
    """New sessions for which no seat can have been left while their request was under way."""
    stretches = by_licence(certain)
    for grant in grants(history):
        if grant.status != 201:
            continue
        assert grant.received
        others = sum(
            hold.start <= grant.sent and hold.end >= grant.received
            for hold in stretches.get(grant.licence, [])
            if hold.session != grant.granted
        )
        if others >= limits.highest(grant.licence, grant.sent, grant.received):
            yield f"licence {grant.licence}: session {grant.granted} was the {others + 1}th"


def over_by_database(history: History, database: Database, limits: Limits) -> Iterator[str]:
    """Pools with more sessions at one moment than their limit, where none comes back to its row."""
    stretches = defaultdict(list)
    for row in database["sessions"]:
        pool = history.pools.get(row["licence_id"])
        if pool is None or pool.reclaim_after is not None:
            continue
        end = row["ended_at"] or float("inf")
        if row["started_at"] + CLOCK < end:
            stretches[pool.licence].append((row["started_at"] + CLOCK, end))
    for licence, times in stretches.items():
        number, at = most_at_once(times)
        if number > limits.highest_so_far(licence, at):
            yield f"licence {licence}: {number} sessions at {at:.3f}, by the database's times"


def over_by_samples(history: History) -> Iterator[str]:
    """Moments at which the seats that another connection saw were wrong."""
    before: dict[int, Sample] = {}
    for sample in history.samples:
        surplus = sample.held - sample.seats
        if surplus > 0 and sample.draining < sample.held:
            yield f"licence {sample.licence}: {sample.held} of {sample.seats} held, none draining"
        last = before.get(sample.licence)
        if last and surplus > 0 and sample.held > last.held and is_unchanged(history, last, sample):
            yield f"licence {sample.licence}: a draining pool grew to {sample.held}"
        before[sample.licence] = sample


def is_unchanged(history: History, last: Sample, sample: Sample) -> bool:
    """Whether nobody changed the limit between two samples."""
    return not any(
        act.verb == "set_seats"
        and act.licence == sample.licence
        and act.sent <= sample.at
        and act.received >= last.at
        for act in history.acts
    )


def misheld_in_samples(history: History) -> Iterator[str]:
    """Moments at which a seat's holder was not one active session of the licence."""
    for sample in history.samples:
        if sample.astray or sample.active != sample.held:
            yield (
                f"licence {sample.licence}: {sample.held} seats held by {sample.active} active "
                f"sessions, {sample.astray} astray, at {sample.at:.3f}"
            )


def by_licence(certain: list[Hold]) -> dict[int, list[Hold]]:
    """The holds of each licence."""
    result: dict[int, list[Hold]] = defaultdict(list)
    for hold in certain:
        result[hold.licence].append(hold)
    return result


def most_at_once(times: list[tuple[float, float]]) -> tuple[int, float]:
    """How many of these stretches there were at once at most, and when first."""
    changes = [(start, 1) for start, _ in times] + [(end, -1) for _, end in times]
    number, best = 0, (0, 0.0)
    for at, change in sorted(changes):  # an end comes before a start of the same moment
        number += change
        if number > best[0]:
            best = (number, at)
    return best
