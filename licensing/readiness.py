"""Whether this process can serve: what it needs beside its settings, at which the start looks."""

from __future__ import annotations

import functools
import threading
from typing import NamedTuple

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

Name = tuple[str, str]
"""A migration: its app, and its own."""


class Fault(NamedTuple):
    """What is wrong, in a line for an operator, and what to do about it."""

    detail: str
    what_to_do: str


START_DATABASE = "Start PostgreSQL, or set the address of the right database."
MIGRATE = "Run `manage.py migrate` with this version's code."
START_NEWER = "Start the newer version that migrated it, or restore the backup from before."
LET_IT_STOP = "Nothing: whoever balances load sends it nothing new, until it has stopped."
COLLECT = "Run `manage.py collectstatic`, then restart the web processes."

draining = threading.Event()
"""Set from when this web server is told to stop, while it still serves."""


def fault() -> Fault | None:
    """The first thing that keeps this process from serving; None when it can."""
    return of_stopping() or of_database() or of_static_files()


def of_stopping() -> Fault | None:
    """This server stops soon, and is to be sent nothing new."""
    return Fault("Draining: it was told to stop.", LET_IT_STOP) if draining.is_set() else None


def of_database() -> Fault | None:
    """The database cannot be asked, or is no match for this version."""
    try:
        return of_migrations()
    except (OperationalError, InterfaceError) as error:
        first, *_ = [*str(error).strip().splitlines(), "it does not answer"]
        return Fault(f"DATABASE_URL: {first}", START_DATABASE)


def of_migrations() -> Fault | None:
    """The database is older than this code, or was newer when this process first looked.

    While an update is on its way the database is newer than those processes that serve
    still. They go on: its migrations are made so that they can.
    """
    applied = set(MigrationRecorder(connection).applied_migrations())
    if missing := sorted(loader().graph.nodes.keys() - applied):
        detail = f"The database lacks {len(missing)} migrations, first {' '.join(missing[0])}."
        return Fault(detail, MIGRATE)
    if strange := sorted(beyond_us()):
        detail = f"The database has {' '.join(strange[0])}, which this version does not know."
        return Fault(detail, START_NEWER)
    return None


@functools.cache
def loader() -> MigrationLoader:
    """The migrations of this version's code."""
    return MigrationLoader(None, ignore_no_migrations=True)


@functools.cache
def beyond_us() -> frozenset[Name]:
    """What the database had, of our apps, beyond this code when this process first looked."""
    applied = MigrationRecorder(connection).applied_migrations().keys()
    known = set(loader().disk_migrations)
    for migration in loader().disk_migrations.values():
        known.update(migration.replaces)
    return frozenset(name for name in applied - known if name[0] in loader().migrated_apps)


def of_static_files() -> Fault | None:
    """This process's pages would lack files: none were collected, or an older version's."""
    if not isinstance(staticfiles_storage, ManifestFilesMixin):
        return None
    if not staticfiles_storage.hashed_files:
        return Fault("STATIC_ROOT holds no collected static files.", COLLECT)
    if missing := sorted(source_files() - staticfiles_storage.hashed_files.keys()):
        return Fault(f"STATIC_ROOT is another version's: it lacks {missing[0]}.", COLLECT)
    return None


@functools.cache
def source_files() -> set[str]:
    """Every static file of this version's code and packages."""
    return {path for finder in finders.get_finders() for path, _ in finder.list([])}
