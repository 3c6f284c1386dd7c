"""The release before goes on working while its database is migrated for this one.

An update migrates first, and then replaces processes one after the other: until the last has gone,
the hot calls of the release before meet the new schema.
"""

from __future__ import annotations

import os
import re

import pytest
from django.db import connection, transaction

from licensing import prepared
from tests.api import desktop
from tests.factories import make_pool
from tests.licensing import released

pytestmark = pytest.mark.django_db

MAIN = {
    "statements.OPEN_SESSION_WITH_KEY",
    "statements.REFRESH",
    "statements.GIVE_BACK",
    "denial_statements.OF_A_KEY",
}
PLACE = re.compile(r"%\((\w+)\)s")


@pytest.fixture(scope="module")
def before():
    """The statements of the release before, by name."""
    if os.environ.get("RELEASED") == "write":
        released.write()
    return released.read()["statements"]


def fault(statement):
    """Why PostgreSQL does not understand a statement; None if it does."""
    places = list(dict.fromkeys(PLACE.findall(statement)))
    numbered = PLACE.sub(lambda found: f"${places.index(found[1]) + 1}", statement)
    try:
        with transaction.atomic(), connection.wrap_database_errors:
            connection.connection.execute(f"PREPARE of_before AS {numbered.replace('%%', '%')}")
            transaction.set_rollback(True)
        connection.connection.execute("DEALLOCATE of_before")
    except Exception as error:
        return str(error).splitlines()[0]
    return None


def test_every_hot_statement_of_before_is_understood(before):
    connection.ensure_connection()

    assert {name: told for name, sql in before.items() if (told := fault(sql))} == {}


def test_a_check_out_a_refresh_and_a_close_of_before_are_done(before, client, monkeypatch):
    """Each is done in the old words and undone, and then in today's: both find as many rows."""
    named, run, found = released.names(), prepared.run, []

    def run_both(statement, values):
        if (name := named.get(statement)) not in before:
            return run(statement, values)
        with transaction.atomic():
            untold = dict.fromkeys(PLACE.findall(before[name]))
            rows = run(before[name], {**untold, **values}).rowcount
            transaction.set_rollback(True)
        cursor = run(statement, values)
        found.append((name, rows, cursor.rowcount))
        return cursor

    monkeypatch.setattr(prepared, "run", run_both)
    key = make_pool(1)
    opened = desktop.open_session(client, key)
    assert desktop.check_out(client, key).status_code == 409
    assert desktop.refresh(client, opened).status_code == 200
    assert desktop.close(client, opened).status_code == 204

    assert {name for name, rows, _ in found if rows} >= MAIN
    assert [one for one in found if one[1] != one[2]] == []
