"""Requests that share a commit: none suffers from another, and none waits for another's rows."""

from __future__ import annotations

import time
from functools import partial

import pytest
from django.db import DataError, IntegrityError, connection

from licensing import batches, invariants, keys, many_statements, sessions, stolen_keys
from licensing.grants import Grant
from licensing.models import ClientSession
from tests.factories import TESTER, make_client, make_pool, make_session
from tests.licensing.asked import check_out, close
from tests.licensing.races.together import at_once, carried_as_served, held_seats, race_as_served

pytestmark = pytest.mark.django_db(transaction=True)

PLANS = """
    SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE starts_with(statement, %s)
"""
LONGEST = 5
"""Seconds that PostgreSQL works on a statement of a web process."""


def are_open(some):
    """Those of the sessions that are open."""
    pks = ClientSession.objects.active().values_list("pk", flat=True)
    return [session for session in some if session.pk in set(pks)]


def test_races_of_this_suite_go_in_batches():
    """So what the others show holds of batches too."""
    before = batches.SEATS.counted.statements
    key = make_pool(5)

    race_as_served(key, [make_client(machine_name=f"PC-{n}") for n in range(20)])

    assert held_seats(key) == 5
    assert batches.SEATS.counted.statements > before


def test_what_goes_in_a_pipeline_is_prepared_and_stays_so():
    key = make_pool(9)
    connection.close()  # what it has prepared so far is another's
    for _ in range(3):
        closes = [close(make_session(key)) for _ in range(2)]
        assert all(batches.as_one([check_out(key), *closes]))

    with connection.cursor() as cursor:
        cursor.execute(PLANS, [many_statements.GIVE_BACK_MANY[:80]])
        assert cursor.fetchall() == [(3, 0)]


REFUSED_AT_COMMIT = """
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE foreign_key_violation USING MESSAGE = 'refused'; END
    $$;
    CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON licensing_clientsession
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.machine_name = 'AT COMMIT')
        EXECUTE FUNCTION refuse();
"""


@pytest.fixture
def refused_at_commit():
    with connection.cursor() as cursor:
        cursor.execute(REFUSED_AT_COMMIT)
        yield
        cursor.execute("DROP FUNCTION refuse CASCADE")


@pytest.mark.parametrize(
    ("details", "error"),
    [
        ({"os_session": "\0"}, DataError),
        ({"machine_name": "too long" * 99}, DataError),
        ({"machine_name": "AT COMMIT"}, IntegrityError),
    ],
    ids=["not sent", "refused", "refused at the commit"],
)
def test_a_bad_one_fails_alone(details, error, refused_at_commit):
    key = make_pool(5)
    calls = [
        partial(sessions.check_out_with_key, key.serial_number, key.plain, make_client(**one))
        for one in ({}, {"machine_name": "PC-2"}, details)
    ]

    *granted, bad = carried_as_served(*calls)

    assert isinstance(bad, error)
    opened = [grant.session_id for grant, _ in granted]
    assert sorted(opened) == sorted(ClientSession.objects.values_list("pk", flat=True))


@pytest.mark.slow
def test_refreshes_beside_a_revocation_of_many_sessions():
    """60 sessions, refreshed by 32 at a time: nobody waits for long, nothing that ended goes on."""
    stolen = make_pool(60)
    kept, _ = keys.issue(stolen.licence, by=TESTER)
    made = enumerate([stolen, kept] * 30)
    opened = [make_session(key, make_client(machine_name=f"PC-{n}")) for n, key in made]
    taken = []

    def refresh(session):
        since = time.monotonic()
        try:
            return sessions.refresh(session.pk)
        finally:
            taken.append(time.monotonic() - since)

    calls = [partial(refresh, session) for session in opened * 8]
    calls.insert(300, partial(stolen_keys.revoke, stolen, by=TESTER))
    outcomes = at_once(*calls, most=32)

    told = {outcome.session_id for outcome in outcomes[-60:] if isinstance(outcome, Grant)}
    assert told == {session.pk for session in opened if session.key_id == kept.pk}
    assert set(are_open(opened)) == {session for session in opened if session.key_id == kept.pk}
    assert max(taken) < LONGEST
    assert invariants.broken() == []
