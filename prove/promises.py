"""What was acknowledged is still so: check-outs, closes, refusals and acts."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator

from prove.database import Database, Row
from prove.history import REFUSED, UNNOTICED, Act, Fault, History, Request, has_come
from prove.holds import grants, holds
from prove.pools import CLOCK

FOLD = 600.0
"""Seconds of refusals that make one row."""


def lost_check_outs(history: History, database: Database) -> Iterator[str]:
    """Acknowledged seats that are gone though nobody gave them back and they were not stale."""
    rows = {row["id"]: row for row in database["sessions"]}
    last: dict[str, Request] = {}
    for grant in grants(history):
        assert grant.granted
        last[grant.granted] = grant
    for session, grant in last.items():
        row = rows.get(session)
        if row is None:
            yield f"session {session} was acknowledged and is not in the database"
        elif problem := unexplained(row, grant, history):
            yield f"session {session}: {problem}"
    yield from second_sessions(history)
    yield from unknown_sessions(history, set(last))


def unexplained(row: Row, grant: Request, history: History) -> str | None:
    """What is wrong with the row of a session whose last acknowledgement this is, if anything."""
    if (row["licence_id"], row["machine_name"], row["username"]) != (
        grant.licence, grant.machine, grant.username,
    ):  # fmt: skip
        return "it is somebody else's"
    assert grant.server_time
    if row["refreshed_at"] < grant.server_time - 0.001:
        return "an acknowledged refresh is not in the database"
    if row["ended_at"] is None or is_explained(row, grant, history):
        return None
    return f"it has ended ({row['end_reason']}), which nobody asked for"


def is_explained(row: Row, grant: Request, history: History) -> bool:
    """Whether something in the history tells why the session has ended."""
    acts = [
        act for act in history.acts if act.licence == grant.licence and act.outcome != "refused"
    ]
    match row["end_reason"]:
        case "closed":
            return row["id"] in history.asked["close"]
        case "moved":
            return row["id"] in history.asked["move"]
        case "released":
            return any(act.verb == "release" and act.session == row["id"] for act in acts)
        case "blocked":
            return any(act.verb == "block" and act.machine == grant.machine for act in acts)
        case "key_revoked":
            return any(act.ends_sessions for act in acts)
        case "reclaimed":
            after = history.pools[grant.licence].reclaim_after
            assert grant.server_time
            ended_at: float = row["ended_at"]
            return after is not None and ended_at >= grant.server_time + after - 0.001
    return False


def second_sessions(history: History) -> Iterator[str]:
    """Clients that were given a second session while they certainly held one."""
    held = defaultdict(list)
    owner = {g.granted: (g.licence, g.machine, g.username) for g in grants(history)}
    for hold in holds(history):
        held[owner[hold.session]].append(hold)
    for grant in grants(history):
        assert grant.received
        for hold in held[grant.licence, grant.machine, grant.username]:
            is_held = hold.start <= grant.sent and hold.end >= grant.received
            if is_held and hold.session != grant.granted:
                yield f"{grant.machine} was given {grant.granted} beside {hold.session}"


def unknown_sessions(history: History, acknowledged: set[str]) -> Iterator[str]:
    """Acknowledged sessions that the product knew nothing of later."""
    for request in history.requests:
        if request.status in (401, 404) and request.session in acknowledged:
            yield f"session {request.session}: {request.verb} was answered {request.code}"


def lost_closes(history: History, database: Database) -> Iterator[str]:
    """Acknowledged closes of sessions that are open, or may be again."""
    rows = {row["id"]: row for row in database["sessions"]}
    for session in closed_at(history, rows):
        row = rows.get(session)
        if row is None or row["ended_at"] is None or row["end_reason"] in ("", "reclaimed"):
            yield f"session {session} was closed and is {(row and row['end_reason']) or 'open'}"


def closed_at(history: History, rows: dict[str, Row]) -> dict[str, float]:
    """When each close was first acknowledged that certainly ended its session."""
    closed: dict[str, float] = {}
    for request in history.requests:
        if request.verb in ("close", "move") and request.status == 204:
            assert request.session
            assert request.received
            if not was_there(request, history, rows) or history.is_heard_of_since(request):
                continue
            earlier = closed.get(request.session, request.received)
            closed[request.session] = min(request.received, earlier)
    return closed


def was_there(close: Request, history: History, rows: dict[str, Row]) -> bool:
    """Whether there was a session to close: with a key, one closes what may never have been."""
    assert close.session
    if not close.by_key or any(has_come(g, close.sent) for g in history.heard[close.session]):
        return True
    row = rows.get(close.session)
    return row is not None and row["started_at"] + CLOCK <= close.sent


def revived(history: History, database: Database) -> Iterator[str]:
    """Sessions that were closed or released and then granted a seat."""
    ended = closed_at(history, {row["id"]: row for row in database["sessions"]})
    released = {
        act.session: act.received
        for act in history.acts
        if act.verb == "release" and act.outcome == "done" and act.session
    }
    for grant in grants(history):
        assert grant.granted
        for what, times in (("closed", ended), ("released", released)):
            if grant.sent > times.get(grant.granted, float("inf")):
                yield f"session {grant.granted} was {what} and then granted by a {grant.verb}"
    for row in database["sessions"]:
        if row["id"] in released and row["end_reason"] != "released":
            yield f"session {row['id']} was released and is {row['end_reason'] or 'open'}"


def unrecorded_refusals(history: History, database: Database) -> Iterator[str]:
    """Refused check-outs that the denials do not tell of, and denials of nothing."""
    refused, perhaps = refusals(history)
    counted: Counter[tuple[int, str, str, str]] = Counter()
    bins: Counter[tuple[int, str, str, str, float]] = Counter()
    for row in database["denials"]:
        key = (row["licence_id"], row["machine_name"], row["username"], row["code"])
        counted[key] += row["count"]
        bins[*key, row["folded_from"]] += 1
    for (*who, folded_from), number in bins.items():
        if number > 1 or float(folded_from) % FOLD:
            yield f"{who}: not folded to one row of ten minutes"
    for key in refused.keys() | counted.keys():
        least, most = refused[key], refused[key] + perhaps[key[:3]]
        if not least <= counted[key] <= most:
            yield f"{key}: {counted[key]} recorded, {least} to {most} were refused"


def refusals(
    history: History,
) -> tuple[Counter[tuple[int, str, str, str]], Counter[tuple[int, str, str]]]:
    """How often each client was refused with which code, and how often it may have been."""
    refused: Counter[tuple[int, str, str, str]] = Counter()
    perhaps: Counter[tuple[int, str, str]] = Counter()
    for request in history.requests:
        who = (request.licence, request.machine, request.username)
        if request.verb != "check_out":
            continue
        if request.status in REFUSED:
            code = "key_invalid" if request.code == "rate_limited" else request.code
            refused[*who, code] += 1
        elif not request.is_settled:
            perhaps[who] += 1
    return refused, perhaps


def server_errors(history: History) -> Iterator[str]:
    """Answers that say that the product made a mistake."""
    for request in history.requests:
        if request.status and request.status >= 500 and request.status != 503:
            yield f"{request.verb} was answered {request.status} at {request.sent:.3f}"


def dropped(history: History) -> Iterator[str]:
    """Requests that went without an answer while web servers or their workers were replaced."""
    for fault in history.faults:
        if fault.what in UNNOTICED:
            for request in history.requests:
                if not request.is_settled and not request.cut and is_during(request, fault):
                    status = request.status or "nothing"
                    yield f"{request.verb} was answered {status} at {request.sent:.3f}"


def is_during(request: Request, fault: Fault) -> bool:
    """Whether a request was sent and ought to have been answered during a fault."""
    assert fault.until
    return fault.at <= request.sent <= fault.until


def broken_chains(history: History, database: Database) -> Iterator[str]:
    """Audit entries that are missing, changed, doubled or out of their order."""
    chain: dict[int, tuple[int, str]] = {}
    for entry in database["audit"]:
        number, before = chain.get(entry["account_id"], (0, "0" * 64))
        if entry["number"] != number + 1 or entry["digest"] != digest(entry, before):
            yield f"account {entry['account_id']}: entry {entry['number']} does not fit"
        chain[entry["account_id"]] = (entry["number"], entry["digest"])
    entries = Counter(entry["reason"] for entry in database["audit"])
    for act in history.acts:
        least, most = expected_entries(act, history)
        if not least <= entries[act.reason] <= most:
            yield f"act {act.number} ({act.verb}, {act.outcome}): {entries[act.reason]} entries"


def expected_entries(act: Act, history: History) -> tuple[int, int]:
    """How many entries an act leaves at least and at most."""
    number = 2 if act.ends_sessions else act.changes
    match act.outcome:
        case "done":
            return number, number
        case "unknown":
            return 0, blocks_before(act, history) if act.verb == "unblock" else number
    return 0, 0


def blocks_before(act: Act, history: History) -> int:
    """How many blocks of the same machine may be in force when one is lifted."""
    return sum(
        other.verb == "block"
        and other.machine == act.machine
        and other.outcome != "refused"
        and other.sent < act.sent
        for other in history.acts
    )


def digest(entry: Row, before: str) -> str:
    """What the entry's digest must be, as docs/reliability.md describes it."""
    told = {name: value for name, value in entry.items() if name != "digest"}
    told["at"] = entry["at"].astimezone(dt.UTC).isoformat()
    text = json.dumps([before, told], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
