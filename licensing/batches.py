"""Which statements go with others, and how they do."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from licensing import denial_statements, many_statements, prepared, statements
from licensing.group_commit import LEFT_OUT, Asked, Found, GroupCommit
from licensing.prepared import Row, Values

MANY = {
    statements.REFRESH: many_statements.REFRESH_MANY,
    statements.GIVE_BACK: many_statements.GIVE_BACK_MANY,
    statements.OPEN_SESSION_WITH_KEY: many_statements.OPEN_MANY_WITH_KEY,
}
"""What does for many sessions what these do for one. Closes come before check-outs: they free
seats. What any of them finds begins with its session's id."""


def as_one(batch: Sequence[Asked]) -> list[Found]:
    """Those of a kind as one statement, and all with one commit. One that finds nothing, or is
    asked for twice, is left out."""
    asked_of = {(asked.statement, asked.values["session"]): asked for asked in batch}
    ordered = sorted(asked_of.values(), key=place)
    kinds = {kind: [one for one in ordered if one.statement == kind] for kind in MANY}
    wanted = [(kind, some) for kind, some in kinds.items() if some]
    found = prepared.fetch_each([told(*one) for one in wanted])
    rows = {
        asked_of[kind, row[0]]: row
        for (kind, _), some in zip(wanted, found, strict=True)
        for row in some
    }
    return [rows.get(asked, LEFT_OUT) for asked in batch]


def told(kind: str, batch: Sequence[Asked]) -> tuple[str, Values]:
    """The statement for all of these, with what it is told."""
    if len(batch) == 1:
        return kind, batch[0].values
    rows = msgspec.json.encode([asked.values for asked in batch])
    return MANY[kind], {"rows": rows.decode()}


def place(asked: Asked) -> tuple[str, str]:
    """Where in its batch a statement has its place, so that batches do not wait for each other:
    in an order that does not depend on who came first."""
    values = asked.values
    return str(values.get("serial_number", "")), str(values.get("identity") or values["session"])


def in_turn(batch: Sequence[Asked]) -> list[Found]:
    """Statements as they are, with one commit."""
    ordered = sorted(batch, key=place)
    rows = prepared.fetch_each([(asked.statement, asked.values) for asked in ordered])
    found = dict(zip(ordered, rows, strict=True))
    return [next(iter(found[asked]), None) for asked in batch]


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


REFRESHES, SEATS = GroupCommit(as_one), GroupCommit(as_one)
REFUSALS = GroupCommit(refuse_many, refuse_alone)
TOGETHER = {
    statements.REFRESH: REFRESHES,
    statements.OPEN_SESSION_WITH_KEY: SEATS,
    statements.GIVE_BACK: SEATS,
    denial_statements.REFUSE: REFUSALS,
    denial_statements.OF_A_KEY: REFUSALS,
    denial_statements.OF_NO_KEY: REFUSALS,
}
