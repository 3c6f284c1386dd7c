"""Which statements go with others, and how they do."""

from __future__ import annotations

from collections.abc import Sequence

from licensing import prepared, statements
from licensing.group_commit import LEFT_OUT, Asked, Found, GroupCommit


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


REFRESHES, SEATS = GroupCommit(refresh_many), GroupCommit(in_turn)
TOGETHER = {
    statements.REFRESH: REFRESHES,
    statements.OPEN_SESSION_WITH_KEY: SEATS,
    statements.OPEN_SESSION: SEATS,
    statements.GIVE_BACK: SEATS,
}
