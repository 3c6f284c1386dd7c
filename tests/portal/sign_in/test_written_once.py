"""What every page asks of who signed in is planned once on a connection, not each time."""

from __future__ import annotations

from django.db import connection

OFTEN = 7
PREPARED = """
    SELECT count(*) FROM pg_prepared_statements
    WHERE statement LIKE '%FROM "portal_membership"%'
"""


def test_it_is_prepared_once_it_came_often(owner):
    for _ in range(OFTEN):
        owner.get("/preferences/")

    with connection.cursor() as cursor:
        assert cursor.execute(PREPARED).fetchone()[0] > 0
