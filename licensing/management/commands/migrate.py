"""``manage.py migrate``: Django's own, waiting for locks in short tries beside the product."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg.errors import LockNotAvailable

from licensing import readiness

TRIES = 60
PAUSE = 5
"""Seconds between two tries, in which the product goes on with what it had to queue."""

# Two at once would wait for each other. The lock belongs to the connection, so that
# a migration that was killed leaves none behind.
CLAIM = "SELECT pg_try_advisory_lock(hashtext('migrate'))"
GIVE_BACK = "SELECT pg_advisory_unlock(hashtext('migrate'))"


NOT_POOLED = "name PostgreSQL itself in DATABASE_URL, not its pooler, without DATABASE_POOLED."


class MustWait(Exception):
    """Something else holds what a migration needs; the sentence says what."""


class Command(migrate.Command):
    """Apply migrations, however long one takes, without stopping what is at work."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Try until every lock was had; fail with a sentence when that takes too long."""
        if settings.DATABASE_POOLED:
            raise CommandError("migrate needs a connection of its own: " + NOT_POOLED)
        if fault := readiness.of_encoding():
            raise CommandError(f"{fault.detail} {fault.what_to_do}")
        for left in reversed(range(TRIES)):
            try:
                return self.attempt(*args, **options)
            except MustWait as error:
                if not left:
                    raise CommandError(f"{error} Run it again: it goes on where it was.") from None
                self.stderr.write(f"{error} Trying again in {PAUSE} s, {left} times more.")
                time.sleep(PAUSE)
        return None

    def attempt(self, *args: Any, **options: Any) -> None:
        """Migrate as far as it goes. Raise MustWait when a lock was not to be had in time."""
        try:
            with limits_of_migrations(options["database"]), alone(options["database"]):
                super().handle(*args, **options)
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            raise MustWait("Something at work holds a table that is to be changed.") from error


@contextlib.contextmanager
def limits_of_migrations(database: str) -> Iterator[None]:
    """No limit to a statement's time, and a short one to waiting: whoever waits stops others."""
    with connections[database].cursor() as cursor:
        for name, value in settings.MIGRATION_LIMITS.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
        connected = connections[database].connection
        connected.longest = None
        try:
            yield
        finally:
            connected.longest = settings.SILENT_SECONDS
            for name in settings.MIGRATION_LIMITS:
                cursor.execute(f"RESET {name}")


@contextlib.contextmanager
def alone(database: str) -> Iterator[None]:
    """While no other migration is at work. Raise MustWait when one is."""
    with connections[database].cursor() as cursor:
        if cursor.execute(CLAIM).fetchone() != (True,):
            raise MustWait("Another migration is at work.")
        try:
            yield
        finally:
            cursor.execute(GIVE_BACK)
