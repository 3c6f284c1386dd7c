"""Whether this process can serve: what it needs beside its settings, at which the start looks."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from licensing import outages, pooler

Name = tuple[str, str]
"""A migration: its app, and its own."""


class Fault(NamedTuple):
    """What is wrong, in a line for an operator, and what to do about it."""

    detail: str
    what_to_do: str


START_NEWER = "Start the newer version that migrated it, or restore the backup from before."
LET_IT_STOP = "Nothing: whoever balances load sends it nothing new, until it has stopped."
NAME_PRIMARY = (
    "Let DATABASE_URL name the primary, or all hosts: of several, that one is used which takes "
    "what is written."
)
ENCODE = "Make it anew: createdb --encoding=UTF8 --template=template0, and the name."
COLLECT = "Run `manage.py collectstatic`, then restart the web processes."

draining = threading.Event()
"""Set from when this web server is told to stop, while it still serves."""
WHO_ANSWERS = "SELECT pg_backend_pid(), current_setting('transaction_read_only') = 'on'"
IN_FORCE = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"


def fault() -> Fault | None:
    """The first thing that keeps this process from serving; None when it can."""
    return of_stopping() or of_database() or of_static_files()


def of_stopping() -> Fault | None:
    """This server stops soon, and is to be sent nothing new."""
    return Fault("Draining: it was told to stop.", LET_IT_STOP) if draining.is_set() else None


def of_database() -> Fault | None:
    """The database cannot be asked, or is no match for this version."""
    return as_fault(lambda: of_server() or of_encoding() or of_session() or of_migrations())


def of_connection() -> Fault | None:
    """The database cannot be asked, whatever is in it."""
    return as_fault(lambda: of_server() or of_encoding() or of_session())


def as_fault(look: Callable[[], Fault | None]) -> Fault | None:
    """What a look at the database finds, or why it cannot be had."""
    try:
        return look()
    except (OperationalError, InterfaceError) as error:
        said = f"DATABASE_URL: {outages.first_line(error)}"
        return Fault(said, outages.what_to_do(error, "DATABASE_URL"))


def of_server() -> Fault | None:
    """What answers takes nothing that is written, or is a pooler and not as we expect it."""
    with connection.cursor() as cursor:
        cursor.execute(WHO_ANSWERS)
        answering, is_read_only = cursor.fetchone()
    if is_read_only:
        connection.errors_occurred = True  # so that it is dropped: the next may be the primary's
        return Fault(
            "This PostgreSQL takes nothing that is written: a standby, or read only.", NAME_PRIMARY
        )
    is_lent = answering != connection.connection.info.backend_pid  # it told us another at the start
    return of_pooler() if is_lent else None


def of_encoding() -> Fault | None:
    """The database cannot keep every name, as people and machines have them."""
    connection.ensure_connection()
    encoding = connection.connection.info.parameter_status("server_encoding")
    if encoding == "UTF8":
        return None
    return Fault(f"The database's encoding is {encoding}, and has to be UTF8.", ENCODE)


def of_pooler() -> Fault | None:
    """The pooler that lends PostgreSQL's connections is not expected, or not fit."""
    if not settings.DATABASE_POOLED:
        return Fault(
            "A pooler stands before PostgreSQL, and DATABASE_POOLED is not set.", outages.SAY_POOLED
        )
    if not pooler.keeps_prepared(connection.connection):
        return Fault(pooler.LOSES_PREPARED, outages.KEEP_PREPARED)
    return None


def of_session() -> Fault | None:
    """PostgreSQL works otherwise than we want it to on each connection, as a pooler may have it."""
    if not settings.DATABASE_POOLED:
        return None
    with connection.cursor() as cursor:
        cursor.execute(IN_FORCE, [[*settings.DATABASE_SESSION]])
        found = dict(cursor.fetchall())
    wanted = settings.DATABASE_SESSION
    wrong = [name for name in wanted if not suits(name, found[name], wanted[name])]
    if not wrong:
        return None
    user = connection.settings_dict["USER"]
    words = [f"ALTER ROLE {user} SET {name} = '{wanted[name]}';" for name in wrong]
    detail = f"Through the pooler {wrong[0]} is {found[wrong[0]]}, not as it has to be."
    return Fault(detail, f"In PostgreSQL: {' '.join(words)} Then RECONNECT in the pooler.")


def suits(name: str, found: str, wanted: str) -> bool:
    """Whether a setting will do. A web server's limit of statements does for commands too."""
    if name == "statement_timeout":
        return 0 < int(found) <= int(wanted)
    return found == wanted


def of_migrations() -> Fault | None:
    """The database is older than this code, or was newer when this process first looked.

    While an update is on its way the database is newer than those processes that serve
    still. They go on: its migrations are made so that they can.
    """
    applied = set(MigrationRecorder(connection).applied_migrations())
    if missing := sorted(loader().graph.nodes.keys() - applied):
        detail = f"The database lacks {len(missing)} migrations, first {' '.join(missing[0])}."
        return Fault(detail, outages.MIGRATE)
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
