"""When a seat was certainly held, and which limits may have been in force.

Everything here errs towards knowing less: what is certain needs no tolerance for clocks.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from prove.history import Act, History, Request

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Hold:
    """A session held a seat from ``start`` to ``end``, and at every moment between."""

    licence: int
    session: str
    start: float
    end: float


def ends_session(act: Act) -> bool:
    """Whether the act ends sessions of its licence, at once or at their next refresh."""
    return act.verb in ("release", "block") or act.ends_sessions


class Endings:
    """From when on a session may have been ended by somebody, whatever answer that got."""

    def __init__(self, history: History) -> None:
        self.asked: dict[str, float] = {}
        for request in history.requests:
            if request.verb not in ("close", "move") or request.session is None:
                continue
            if not history.is_too_late(request):
                self.asked.setdefault(request.session, request.sent)
        self.acts: dict[int, list[Act]] = defaultdict(list)
        for act in history.acts:
            if ends_session(act) and act.outcome != "refused":
                self.acts[act.licence].append(act)

    def of(self, grant: Request) -> float:
        """The earliest time at which the seat of a grant may have been given back on request.

        A block bars until it is lifted, so one from before counts too.
        """
        assert grant.granted
        acts = [act.sent for act in self.acts[grant.licence] if concerns(act, grant)]
        return min([self.asked.get(grant.granted, NEVER), *acts])


def concerns(act: Act, grant: Request) -> bool:
    """Whether the act may end the session of this grant."""
    if act.verb == "release":
        return act.session == grant.granted
    if act.verb == "block":
        return act.machine == grant.machine
    return act.received >= grant.sent  # an end of all sessions; those opened later go on


def holds(history: History) -> list[Hold]:
    """Every stretch during which a session certainly held a seat, by its clients' answers.

    From the arrival of an answer that grants it (it was committed before) until
    somebody may have asked for its end, or until it may have become stale.
    """
    endings = Endings(history)
    return merged([hold for grant in grants(history) if (hold := hold_of(grant, history, endings))])


def grants(history: History) -> list[Request]:
    """The answers that promise a seat."""
    return [request for request in history.requests if request.is_grant]


def hold_of(grant: Request, history: History, endings: Endings) -> Hold | None:
    """The stretch that one answer makes certain, if any."""
    assert grant.granted
    assert grant.received
    assert grant.server_time
    after = history.pools[grant.licence].reclaim_after
    stale = NEVER if after is None else grant.server_time + after
    end = min(endings.of(grant), stale)
    if end <= grant.received:
        return None
    return Hold(grant.licence, grant.granted, grant.received, end)


def merged(stretches: list[Hold]) -> list[Hold]:
    """The same holds, those of one session that overlap made one."""
    result: list[Hold] = []
    for hold in sorted(stretches, key=lambda hold: (hold.licence, hold.session, hold.start)):
        last = result[-1] if result else None
        if last and last.session == hold.session and hold.start <= last.end:
            result[-1] = Hold(hold.licence, hold.session, last.start, max(last.end, hold.end))
        else:
            result.append(hold)
    return result


class Limits:
    """The user limits that may have been in force."""

    def __init__(self, history: History) -> None:
        self.issued = {pool.licence: pool.seats for pool in history.pools.values()}
        self.changes: dict[int, list[Act]] = defaultdict(list)
        for act in history.acts:
            if act.verb == "set_seats" and act.outcome != "refused":
                self.changes[act.licence].append(act)

    def highest(self, licence: int, start: float, end: float) -> int:
        """The highest limit that may have been in force at any moment from start to end.

        A limit goes out of force with the next change that is known to be done.
        """
        values = [(self.issued[licence], 0.0, self.next_change(licence, 0.0))]
        for act in self.changes[licence]:
            assert act.seats is not None
            values.append((act.seats, act.sent, self.next_change(licence, act.received)))
        return max(seats for seats, since, until in values if since <= end and until >= start)

    def highest_so_far(self, licence: int, end: float) -> int:
        """The highest limit until then: lowering one throws nobody out."""
        return self.highest(licence, 0.0, end)

    def next_change(self, licence: int, after: float) -> float:
        """When the next change after this moment was certainly done."""
        done = [
            act.received
            for act in self.changes[licence]
            if act.outcome == "done" and act.sent >= after
        ]
        return min(done, default=NEVER)
