"""That use can be counted costs check-out, refresh and close no row."""

from __future__ import annotations

import pytest
from django.db import connection

from licensing import sessions
from tests.factories import make_client, make_pool, make_session

pytestmark = pytest.mark.django_db

WRITTEN = """
    SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables
    WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
"""


def written():
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return {table: counts for table, *counts in cursor.fetchall()}


def writes_of(act):
    """How many rows of which tables an act inserts, updates and deletes."""
    before = written()
    act()
    nothing = [0, 0, 0]
    found = {
        table.removeprefix("licensing_"): tuple(
            now - then for now, then in zip(counts, before.get(table, nothing), strict=True)
        )
        for table, counts in written().items()
    }
    return {table: counts for table, counts in found.items() if any(counts)}


def test_a_check_out_writes_a_session_and_its_seat():
    key = make_pool(2)
    client = make_client()

    assert writes_of(lambda: sessions.check_out_with_key(key.serial_number, key.plain, client)) == {
        "clientsession": (1, 0, 0),
        "seat": (0, 1, 0),
    }


def test_a_refresh_writes_its_session(pool):
    session = make_session(pool)

    assert writes_of(lambda: sessions.refresh(session.pk)) == {"clientsession": (0, 1, 0)}


def test_a_close_writes_its_session_and_its_seat(pool):
    session = make_session(pool)

    assert writes_of(lambda: sessions.close(session.pk)) == {
        "clientsession": (0, 1, 0),
        "seat": (0, 1, 0),
    }


def test_a_close_with_a_limited_feature_writes_its_hold_too():
    key = make_pool(2, features=["4d:1"])
    session = make_session(key, make_client(features=("4d",)))

    assert writes_of(lambda: sessions.close(session.pk)) == {
        "clientsession": (0, 1, 0),
        "seat": (0, 1, 0),
        "featureseat": (0, 1, 0),
        "hold": (1, 0, 0),
    }
