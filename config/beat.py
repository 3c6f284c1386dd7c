"""Celery's beat, but that of several one beats and the others wait for its turn to end.

When each task was asked for is in the database, so that whichever beats next goes on from there,
and no file of one machine is needed.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from threading import Thread
from typing import Any

import structlog
from celery.beat import ScheduleEntry, Scheduler
from django.db import Error, connection

from licensing import outages

logger = structlog.get_logger(__name__)

LOOKS_EVERY = 5
"""Seconds: so often a turn is renewed, or looked for; a quarter of how long it lasts."""


class OneAtATime(Scheduler):
    """Asks for what is due while it has the turn (``portal.upkeep.beating``)."""

    max_interval = LOOKS_EVERY

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.holder = uuid.uuid4().hex
        self.has_turn = False
        self.renew_at = 0.0
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Ask for one task that is due, if it is our turn; the seconds until the next tick."""
        if time.monotonic() >= self.renew_at and not self.take_turn():
            return LOOKS_EVERY
        seconds: float = super().tick(*args, **kwargs)
        return seconds

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Ask for a task, unless our turn ended meanwhile: then somebody else has or will."""
        if self.note_asked():
            super().apply_entry(entry, producer=producer)

    def close(self) -> None:
        """Let another begin at once."""
        giving = Thread(target=give_back, args=(self.holder,), daemon=True)
        giving.start()
        giving.join(LOOKS_EVERY)
        super().close()

    def take_turn(self) -> bool:
        """Whether it is our turn; where one begins, go on where the one before ended."""
        from portal.upkeep import beating  # Django is set up by now

        try:
            asked_at = beating.take_turn(self.holder)
        except Error as error:
            tell_of(error)
            asked_at = None
        if asked_at is None:
            self.lose_turn()
        elif not self.has_turn:
            self.begin(asked_at)
        self.renew_at = time.monotonic() + LOOKS_EVERY / 2 if self.has_turn else 0.0
        return self.has_turn

    def begin(self, asked_at: dict[str, str]) -> None:
        """Begin a turn, with what was asked for before it."""
        for name, entry in self.schedule.items():
            last = asked_at.get(name)
            entry.last_run_at = dt.datetime.fromisoformat(last) if last else entry.default_now()
        self._heap = None  # made anew of these
        self.has_turn = True
        logger.info("beat_began")

    def lose_turn(self) -> None:
        """Wait from now on."""
        if self.has_turn:
            logger.warning("beat_lost_its_turn")
        self.has_turn, self.renew_at = False, 0.0

    def note_asked(self) -> bool:
        """Write down what is being asked for; False when it is no longer ours to ask."""
        from portal.upkeep import beating

        asked_at = {name: entry.last_run_at.isoformat() for name, entry in self.schedule.items()}
        try:
            noted = beating.note_asked(self.holder, asked_at)
        except Error as error:
            tell_of(error)
            noted = False
        if not noted:
            self.lose_turn()
        return noted


def give_back(holder: str) -> None:
    """End a turn, by a thread and so a connection of its own: ours may be in use when the signal
    comes."""
    from portal.upkeep import beating

    try:
        beating.give_back(holder)
    except Error as error:  # it ends by itself
        tell_of(error)
    connection.close()


def tell_of(error: Error) -> None:
    """Log why the database gives no answer and what mends it; try a new connection next time."""
    why, remedy = outages.first_line(error), outages.what_to_do(error, "DATABASE_URL")
    logger.warning("beat_waits", cause=why, what_to_do=remedy)
    connection.close()
