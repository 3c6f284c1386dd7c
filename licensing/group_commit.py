"""Group commit: statements of calls that one thread carries go together and share a commit.

What a batch did not answer, because it failed or left a statement out, is run alone: its call is
made again by a thread of its own, and no statement suffers from another. No call goes on before
the commit.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import structlog

from licensing import carried, prepared
from licensing.prepared import Row, Values

logger = structlog.get_logger(__name__)


@dataclasses.dataclass(eq=False, slots=True)
class Asked:
    """A statement that a call waits for, with its row once there is an answer."""

    statement: str
    values: Values
    is_answered: bool = False
    row: Row | None = None

    def answer(self, row: Row | None) -> None:
        """Note what the statement found. It is committed."""
        self.row, self.is_answered = row, True


class LeftOut:
    """What a batch says of a statement that has to be run alone."""


LEFT_OUT = LeftOut()
Found = Row | LeftOut | None
RunAlone = Callable[[str, Values], Row | None]
RunMany = Callable[[Sequence[Asked]], Sequence[Found]]


@dataclasses.dataclass(slots=True)
class Counted:
    """What has happened since the process began; ``statements`` are those of batches."""

    alone: int = 0
    batches: int = 0
    statements: int = 0
    largest: int = 0
    failed: int = 0
    left_out: int = 0


class GroupCommit:
    """Statements that go well together. ``run_many`` runs several with one commit, waits for
    nobody's rows, and tells what each found, in their order."""

    def __init__(self, run_many: RunMany, run_alone: RunAlone = prepared.fetch_one) -> None:
        self.run_many, self.run_alone = run_many, run_alone
        self.counted = Counted()

    def run(self, statement: str, values: Values) -> Row | None:
        """The statement's first row, or None, once it is committed; raise what it raises alone."""
        if not carried.is_carried():
            return self.run_alone(statement, values)
        row: Row | None = carried.ask(self, Asked(statement, values))
        return row

    def run_carried(self, batch: Sequence[Asked]) -> None:
        """Answer what a batch finds. If it fails, of whatever, nobody is answered."""
        self.count(len(batch))
        try:
            found = self.find(batch)
        except Exception as error:  # somebody else's, perhaps: each sees its own when it is alone
            cause = type(error.__cause__ or error).__name__
            logger.debug("batch_failed", statements=len(batch), cause=cause)
            self.counted.failed += 1
            return
        self.answer(batch, found)

    def find(self, batch: Sequence[Asked]) -> Sequence[Found]:
        """What each of the batch finds."""
        if len(batch) > 1:
            return self.run_many(batch)
        return [self.run_alone(batch[0].statement, batch[0].values)]

    def answer(self, batch: Sequence[Asked], found: Sequence[Found]) -> None:
        """Give each what was found for it; none to those who were left out."""
        for asked, row in zip(batch, found, strict=True):
            if isinstance(row, LeftOut):
                self.counted.left_out += 1
            else:
                asked.answer(row)

    def count(self, statements: int) -> None:
        """Count a batch."""
        counted = self.counted
        if statements == 1:
            counted.alone += 1
            return
        counted.batches += 1
        counted.statements += statements
        counted.largest = max(counted.largest, statements)
