"""All migrations, run by one worker; the databases of the others are copies of what they made.

Who comes first migrates its own database, as one without workers does, and keeps a copy. Who
comes meanwhile waits for that copy: ``order`` has them begin with what needs no database.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from tests import leftovers

RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID")
"""The same for all workers of a run; not set where there are none."""
COPY = f"migrated_{RUN}"
TAKE_TURNS = "SELECT pg_advisory_lock(hashtext('migrated'))"
IS_THERE = "SELECT count(*) FROM pg_database WHERE datname = %s"


@contextmanager
def once() -> Iterator[None]:
    """While Django makes the test database: of the copy, or by migrations and then copied."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(TAKE_TURNS)
        cursor.execute(IS_THERE, [COPY])
        [is_there] = cursor.fetchone()
        connection.settings_dict["TEST"]["TEMPLATE"] = COPY if is_there else None
        yield
        if is_there:
            return
        leftovers.keep()
        if RUN:
            connection.close()  # a database in use is not copied
            made = connection.settings_dict["NAME"]
            cursor.execute(f'CREATE DATABASE "{COPY}" TEMPLATE "{made}"')


def forget() -> None:
    """Leave nothing behind on a server that others use too."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{COPY}"')
