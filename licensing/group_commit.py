"""Group commit: what arrives while a statement runs goes with the next one and shares its commit.

Whoever finds nobody at work leads: its statement runs at once. Those who come meanwhile wait, and
when it is done the first of them leads for all, on its own thread's connection. So nobody waits
for others to come, and the more come, the fewer commits each costs.

What a batch did not answer, because it failed or left a statement out, is run alone, each by its
own thread: no statement suffers from another. Nobody is woken before the commit.
"""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Sequence

import structlog
from django.db import OperationalError

from licensing import carried, prepared
from licensing.prepared import Row, Values

logger = structlog.get_logger(__name__)

SLOW_SECONDS = 0.03
"""How long the next one waits for the lead. A leader that takes longer waits for somebody's row,
or is dead, and is overtaken."""
MOST_SECONDS = 5.0
"""How long one waits for a batch: as long as PostgreSQL works on a statement of a web process."""


@dataclasses.dataclass(eq=False, slots=True)
class Asked:
    """A statement that somebody waits for, with its row once there is an answer."""

    statement: str
    values: Values
    is_taken: bool = False
    is_answered: bool = False
    row: Row | None = None
    woken: threading.Lock = dataclasses.field(default_factory=threading.Lock)

    @property
    def said(self) -> tuple[str, Values]:
        """What to run."""
        return self.statement, self.values

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
    waits: int = 0
    seconds_waited: float = 0.0
    overtaken: int = 0
    given_up: int = 0


class GroupCommit:
    """Statements that go well together. ``run_many`` runs several with one commit, waits for
    nobody's rows, and tells what each found, in their order."""

    def __init__(self, run_many: RunMany, run_alone: RunAlone = prepared.fetch_one) -> None:
        self.run_many, self.run_alone = run_many, run_alone
        self.guard = threading.Lock()
        self.leader: Asked | None = None
        self.waiting: list[Asked] = []
        self.counted = Counted()

    def run(self, statement: str, values: Values) -> Row | None:
        """The statement's first row, or None, once it is committed.

        Raise what it raises alone, or OperationalError when there is no answer in time.
        """
        mine = Asked(statement, values)
        if carried.is_carried():
            row: Row | None = carried.ask(self, mine)
            return row
        if self.leads(mine) or self.waits_and_leads(mine):
            self.lead(mine)
        return mine.row if mine.is_answered else self.run_alone(statement, values)

    def run_carried(self, batch: Sequence[Asked]) -> None:
        """Answer those for whom one thread asks; not what fails, is left out, or would wait."""
        with self.guard:
            self.count(len(batch))
        self.run_together(batch)

    def leads(self, mine: Asked) -> bool:
        """Whether there is no leader, so that this one leads; else it waits from now on."""
        with self.guard:
            if self.leader is None:
                self.leader = mine
                return True
            mine.woken.acquire()
            self.waiting.append(mine)
            return False

    def waits_and_leads(self, mine: Asked) -> bool:
        """Wait; whether this one leads then. If not, a batch has had it."""
        since = time.monotonic()
        if not mine.woken.acquire(timeout=SLOW_SECONDS) and not self.overtakes(mine):
            self.wait_for_batch(mine)
        with self.guard:
            self.counted.waits += 1
            self.counted.seconds_waited += time.monotonic() - since
        return not mine.is_taken

    def overtakes(self, mine: Asked) -> bool:
        """Whether this one leads from now on, beside whoever did: no batch has taken it yet."""
        with self.guard:
            if mine.is_taken:
                return False
            if mine in self.waiting:  # or it was to lead just now
                self.waiting.remove(mine)
                self.counted.overtaken += 1
            self.leader = mine
            return True

    def wait_for_batch(self, mine: Asked) -> None:
        """Wait until the batch is done that this one is in."""
        if not mine.woken.acquire(timeout=MOST_SECONDS):
            with self.guard:
                self.counted.given_up += 1
            raise OperationalError("No answer from the statements that this one went with.")

    def lead(self, mine: Asked) -> None:
        """Run this one with those who wait. Whatever happens, the next one leads then."""
        batch = self.take(mine)
        try:
            if len(batch) == 1:
                mine.answer(self.run_alone(*mine.said))
            else:
                self.run_together(batch)
        finally:
            self.pass_on(mine)
            for asked in batch[1:]:
                asked.woken.release()

    def take(self, mine: Asked) -> list[Asked]:
        """This one and all who wait, from now on a batch."""
        with self.guard:
            batch, self.waiting = [mine, *self.waiting], []
            for asked in batch:
                asked.is_taken = True
            self.count(len(batch))
        return batch

    def count(self, statements: int) -> None:
        """Count a batch."""
        counted = self.counted
        if statements == 1:
            counted.alone += 1
            return
        counted.batches += 1
        counted.statements += statements
        counted.largest = max(counted.largest, statements)

    def run_together(self, batch: Sequence[Asked]) -> None:
        """Answer what a batch finds. If it fails, of whatever, nobody is answered."""
        try:
            found = self.run_many(batch) if len(batch) > 1 else [self.run_alone(*batch[0].said)]
        except Exception as error:  # somebody else's, perhaps: each sees its own when it is alone
            cause = type(error.__cause__ or error).__name__
            logger.warning("batch_failed", statements=len(batch), cause=cause)
            with self.guard:
                self.counted.failed += 1
            return
        self.answer(batch, found)

    def answer(self, batch: Sequence[Asked], found: Sequence[Found]) -> None:
        """Give each what was found for it; none to those who were left out."""
        for asked, row in zip(batch, found, strict=True):
            if not isinstance(row, LeftOut):
                asked.answer(row)
        with self.guard:
            self.counted.left_out += sum(not asked.is_answered for asked in batch)

    def pass_on(self, mine: Asked) -> None:
        """Let the first of those who wait lead; not if somebody has overtaken this one."""
        with self.guard:
            if self.leader is not mine:
                return
            self.leader = self.waiting.pop(0) if self.waiting else None
            heir = self.leader
        if heir:
            heir.woken.release()
