"""That clients' own ids are the ids of their sessions, so that a lost answer leaves no ghost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from prove.database import Database
from prove.history import History, Request
from prove.holds import grants


def unasked_for(history: History, database: Database) -> Iterator[str]:
    """Sessions under other ids than their clients asked with, and ids that opened two."""
    yield from wrong_ids(history)
    yield from ghosts(history, database)


def wrong_ids(history: History) -> Iterator[str]:
    """New sessions that did not take their client's own id, or took it twice."""
    opened = [grant for grant in grants(history) if grant.status == 201]
    for grant in opened:
        if grant.own and grant.granted != grant.own:
            yield f"{grant.machine} asked with {grant.own} and was given {grant.granted}"
    for session, times in Counter(grant.granted for grant in opened).items():
        if times > 1:
            yield f"session {session} was opened {times} times"


def ghosts(history: History, database: Database) -> Iterator[str]:
    """Sessions whose clients neither made their id nor were told it, nor can have missed it."""
    for row in database["sessions"]:
        who = (row["licence_id"], row["machine_name"], row["username"])
        asked = [r for r in history.by_client.get(who, []) if r.verb == "check_out"]
        if not any(accounts_for(request, row["id"]) for request in asked):
            yield f"session {row['id']} of {row['machine_name']}: nobody asked for it"


def accounts_for(check_out: Request, session: str) -> bool:
    """Whether a check-out may have opened this session."""
    if check_out.own:
        return check_out.own == session
    return check_out.granted == session or not check_out.is_settled
