"""What was known at a moment, and what of that which came after it is gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import structs

from prove.database import Database
from prove.history import Act, Fault, History, Pool, Record, Request, Sample, has_come

DONE = (200, 201, 204)
UNANSWERED: dict[str, Any] = {
    "received": None, "status": None, "code": "", "granted": None, "server_time": None,
}  # fmt: skip


def known_at(moment: float, records: Iterable[Record]) -> Iterator[Record]:
    """The history as it stood then: what was not answered yet may have been done or not."""
    for record in records:
        match record:
            case Pool():
                yield record
            case Fault(at=at) | Sample(at=at):
                if at <= moment:
                    yield record
            case Request(sent=sent) | Act(sent=sent) if sent > moment:
                continue
            case Request():
                was_known = has_come(record, moment)
                yield record if was_known else structs.replace(record, **UNANSWERED)
            case Act():
                was_known = record.received <= moment
                yield record if was_known else structs.replace(record, outcome="unknown")


def acknowledged(known: History) -> dict[str, int]:
    """How many requests and acts had been answered, by kind: they are what is looked for."""
    told = Counter(
        r.verb if r.status in DONE else "refusal" for r in known.requests if r.is_settled
    )
    told.update(f"{act.verb} by an administrator" for act in known.acts if act.outcome == "done")
    return dict(sorted(told.items()))


def later(moment: float, database: Database) -> Iterator[str]:
    """Rows of after the moment: whoever restores to it is not to have them."""
    for row in database["sessions"]:
        if max(row["started_at"], row["refreshed_at"]) > moment:
            yield f"session {row['id']} is of after the moment"
    for entry in database["audit"]:
        if entry["at"].timestamp() > moment:
            yield f"account {entry['account_id']}: entry {entry['number']} is of after the moment"


def lost(moment: float, records: list[Record], database: Database) -> dict[str, int]:
    """What had been acknowledged after the moment, by kind, and what that means to programs."""
    requests = [r for r in records if isinstance(r, Request) and not has_come(r, moment)]
    answered = [request for request in requests if request.is_settled]
    acts = [a for a in records if isinstance(a, Act) and a.received > moment]
    told: Counter[str] = Counter(r.verb for r in answered if r.status in DONE)
    told.update(f"{act.verb} by an administrator" for act in acts if act.outcome == "done")
    return dict(sorted(told.items())) | of_programs(answered, database)


def of_programs(answered: list[Request], database: Database) -> dict[str, int]:
    """How many programs check out again, and how many seats are held by nobody for a while."""
    rows = {row["id"]: row["ended_at"] is None for row in database["sessions"]}
    closed = {r.session for r in answered if r.verb in ("close", "move") and r.status == 204}
    granted = {r.granted for r in answered if r.is_grant}
    return {
        "programs that check out again": len(granted - closed - rows.keys()),
        "seats held by what had been closed": sum(rows.get(str(one), False) for one in closed),
    }
