"""Which statements go with others, and how they do."""

from __future__ import annotations

from collections.abc import Sequence

from licensing import denial_statements, prepared, statements
from licensing.group_commit import LEFT_OUT, Asked, Found, GroupCommit
from licensing.prepared import Row, Values


def refresh_many(batch: Sequence[Asked]) -> list[Found]:
    """Refreshes as one statement. What it does not renew, or is asked for twice, is left out."""
    asked_of = {asked.values["session"]: asked for asked in batch}
    ids = sorted(asked_of)
    versions = [asked_of[session].values["version"] for session in ids]
    rows = prepared.fetch_all(statements.REFRESH_MANY, {"sessions": ids, "versions": versions})
    found = {asked_of[row[0]]: row for row in rows}
    return [found.get(asked, LEFT_OUT) for asked in batch]


def in_turn(batch: Sequence[Asked]) -> list[Found]:
    """Statements as they are, with one commit: closes first, for they free seats, and all in an
    order that does not depend on who came first, so that batches do not wait for each other."""
    ordered = sorted(batch, key=place)
    rows = prepared.fetch_each([(asked.statement, asked.values) for asked in ordered])
    found = dict(zip(ordered, rows, strict=True))
    return [found[asked] for asked in batch]


def place(asked: Asked) -> tuple[str, str]:
    """Where in its batch a check-out has its place, or a close."""
    values = asked.values
    pool = values.get("serial_number") or values.get("licence") or ""
    return str(pool), str(values.get("identity") or values["session"])


def refuse_many(batch: Sequence[Asked]) -> list[Found]:
    """Refusals as they are, with one commit. They are on disk then."""
    found = in_turn(batch)
    wait_for_disk(found)
    return found


def refuse_alone(statement: str, values: Values) -> Row | None:
    """One refusal, which is on disk then."""
    row = prepared.fetch_one(statement, values)
    wait_for_disk([row])
    return row


def wait_for_disk(refusals: Sequence[Found]) -> None:
    """Wait for a commit that was not waited for, as where a refusal went to the row of many."""
    if any(isinstance(row, tuple) and not row[1] for row in refusals):
        prepared.fetch_one(denial_statements.WAIT_FOR_DISK, {})


REFRESHES, SEATS = GroupCommit(refresh_many), GroupCommit(in_turn)
REFUSALS = GroupCommit(refuse_many, refuse_alone)
TOGETHER = {
    statements.REFRESH: REFRESHES,
    statements.OPEN_SESSION_WITH_KEY: SEATS,
    statements.OPEN_SESSION: SEATS,
    statements.GIVE_BACK: SEATS,
    denial_statements.REFUSE: REFUSALS,
    denial_statements.OF_A_KEY: REFUSALS,
    denial_statements.OF_NO_KEY: REFUSALS,
}
