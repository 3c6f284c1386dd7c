"""Whose sessions those are, open or over, is found by an index."""

from __future__ import annotations

import pytest
from django.db import connection

from licensing import sessions
from licensing.models import ClientSession
from tests.factories import make_client, make_pool, make_session


def test_open_and_ended_ones_of_a_name(db):
    key = make_pool(3)
    still_open, over, _other = (
        make_session(key, make_client(username=name, machine_name=f"CAD-{name}"))
        for name in ("JSmith", "MReed", "TPrice")
    )
    sessions.close(over.pk)

    assert set(ClientSession.every.named(person=["jsmith", "mreed"])) == {still_open, over}
    assert set(ClientSession.every.named(machine=["cad-mreed"])) == {over}


OTHERS = """
    INSERT INTO licensing_clientsession (
        id, account_id, licence_id, key_id, identity, machine_name, username, os_session, machine,
        person, version, features, started_at, refreshed_at, grace_until, ended_at, end_reason
    )
    SELECT
        gen_random_uuid(), account_id, licence_id, key_id, gen_random_uuid(), '', '', '',
        'pc-' || n, 'user' || n, '16', '{}', now(), now(), now(),
        CASE mod(n, 2) WHEN 0 THEN now() END,
        CASE mod(n, 2) WHEN 0 THEN 'closed' ELSE '' END
    FROM licensing_clientsession, generate_series(1, 2000) AS n
"""


@pytest.mark.parametrize(
    ("column", "indexes"),
    [
        ("person", ["active_sessions_of_person", "ended_sessions_by_person"]),
        ("machine", ["active_sessions_on_machine", "ended_sessions_by_machine"]),
    ],
)
def test_each_has_an_index_of_its_own(db, column, indexes):
    make_session(make_pool(1))
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        cursor.execute("ANALYZE licensing_clientsession")

    plan = ClientSession.every.named(**{column: ["user7", "pc-8"]}).order_by().explain()

    assert [index for index in indexes if f"on {index} " not in plan] == [], plan
