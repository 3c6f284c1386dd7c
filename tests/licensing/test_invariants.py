"""Each fault is planted behind the schema's back, and found."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from licensing import audit, clock, invariants, licences, sessions
from licensing.models import AuditEntry, FeatureSeat, Hold, Licence, LimitChange
from tests.factories import TESTER, make_client, make_pool, make_session, make_single_user

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def alter(*statements: str) -> None:
    """Change the schema or rows as no code of ours would; undone with the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            cursor.execute(statement)


def without(constraint: str, table: str) -> str:
    return f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"


def test_hold_after_everything_a_pool_goes_through():
    key = make_pool(3)
    first, second, third = [make_session(key) for _ in range(3)]
    sessions.close(first.pk)
    sessions.release(second, by=TESTER)
    make_session(key)
    licences.set_seats(key.licence, 1, by=TESTER)
    sessions.close(third.pk)

    assert invariants.broken() == []


def test_hold_while_a_single_user_licence_is_over_its_limit():
    key = make_single_user(2)
    for _ in range(2):
        make_session(key)
    licences.set_seats(key.licence, 1, by=TESTER)

    assert invariants.broken() == []


def test_seat_held_by_an_ended_session(pool):
    session = make_session(pool)
    seat = session.seat.pk
    alter("UPDATE licensing_clientsession SET ended_at = started_at, end_reason = 'closed'")
    session.refresh_from_db()

    assert invariants.broken() == [
        f"Seat {seat} of licence {pool.licence_id} is held by a session that ended at "
        f"{session.ended_at}."
    ]


def test_active_session_without_a_seat(pool):
    session = make_session(pool)
    alter("UPDATE licensing_seat SET session_id = NULL")

    assert invariants.broken() == [
        f"Session {session.pk} of licence {pool.licence_id} is active but holds no seat."
    ]


def test_two_seats_of_one_session(pool):
    session = make_session(pool)
    alter(
        without("licensing_seat_session_id_key", "licensing_seat"),
        f"UPDATE licensing_seat SET session_id = '{session.pk}'",
    )

    seats = sorted(pool.licence.seat_rows.values_list("pk", flat=True))
    assert invariants.broken() == [f"Session {session.pk} holds seats {seats[0]} and {seats[1]}."]


def test_seat_of_another_licence(pool):
    session, other = make_session(pool), make_pool(1)
    seat = other.licence.seat_rows.get().pk
    alter(
        "UPDATE licensing_seat SET session_id = NULL",
        f"UPDATE licensing_seat SET session_id = '{session.pk}' WHERE id = {seat}",
    )

    assert invariants.broken() == [
        f"Session {session.pk} of licence {pool.licence_id} holds seat {seat} of licence "
        f"{other.licence_id}."
    ]


def test_feature_seat_held_by_an_ended_session():
    key = make_pool(1, features=["4d:1"])
    session = make_session(key, make_client(features=("4d",)))
    feature_seat = FeatureSeat.objects.get()
    sessions.close(session.pk)
    FeatureSeat.objects.update(session=session)

    assert invariants.broken() == [
        f"Session {session.pk} has ended but holds a seat of feature "
        f"{feature_seat.licence_feature_id}."
    ]


def test_two_active_sessions_of_one_identity(pool):
    make_session(pool), make_session(pool)
    same = uuid.uuid4()
    alter(
        "DROP INDEX one_active_session_per_identity",
        f"UPDATE licensing_clientsession SET identity = '{same}'",
    )

    assert invariants.broken() == [
        f"Licence {pool.licence_id} has 2 active sessions of one identity, {same}."
    ]


def test_free_seat_that_drains(pool):
    seat = pool.licence.seat_rows.first().pk
    alter(
        without("draining_seat_is_held", "licensing_seat"),
        f"UPDATE licensing_seat SET draining = true WHERE id = {seat}",
    )

    assert invariants.broken() == [
        f"Seat {seat} of licence {pool.licence_id} drains but is free.",
        f"Pool {pool.licence_id} is within its limit of 2, yet 1 of its seats drain.",
    ]


def test_too_few_seats(pool):
    alter("UPDATE licensing_licence SET seats = 3")

    assert invariants.broken() == [f"Licence {pool.licence_id} has a limit of 3 but only 2 seats."]


def test_pool_that_gives_out_more_than_its_limit(pool):
    make_session(pool)
    alter("UPDATE licensing_licence SET seats = 1")

    assert invariants.broken() == [
        f"Pool {pool.licence_id} has a limit of 1, and 2 seats of which only 0 are held and drain."
    ]


def test_single_user_licence_with_a_seat_too_many(single_user):
    make_session(single_user)
    alter(
        "INSERT INTO licensing_seat (account_id, licence_id, draining)"
        " SELECT account_id, id, false FROM licensing_licence"
    )

    assert invariants.broken() == [
        f"Licence {single_user.licence_id} has a limit of 1, and 2 seats "
        "of which only 1 are held or bound."
    ]


def test_session_that_held_a_seat_twice_at_a_time(pool):
    session = make_session(pool, refreshed=HOUR)
    Hold.objects.create(
        licence=pool.licence, session=session.pk,
        held_since=session.started_at - HOUR, held_until=session.started_at + HOUR / 2,
    )  # fmt: skip

    assert invariants.broken() == [
        f"Session {session.pk} of licence {pool.licence_id} began to hold a seat at "
        f"{session.started_at}, when it held one."
    ]


def history(key, *holds, limits):
    """Holds that began and ended so many hours ago, while there were so many seats."""
    licence, now = key.licence, clock.database_time()
    LimitChange.objects.filter(licence=licence).delete()
    for seats, hours in (*limits, (licence.seats, 1)):
        LimitChange.objects.create(licence=licence, seats=seats, since=now - hours * HOUR)
    for since, until in holds:
        Hold.objects.create(
            licence=licence, session=uuid.uuid4(),
            held_since=now - since * HOUR, held_until=now - until * HOUR,
        )  # fmt: skip
    return now


def test_hold_that_began_above_the_limit(pool):
    now = history(pool, (9, 2), (8, 5), (6, 2), (4, 3), limits=[(2, 9), (3, 5)])

    assert invariants.broken() == [
        f"3 seats of licence {pool.licence_id} (feature 0) were held at {now - 6 * HOUR}, "
        "when the limit was 2."
    ]


def test_holds_of_a_pool_that_drained_are_within_its_limit(pool):
    history(pool, (9, 2), (8, 3), (7.5, 4), limits=[(3, 9), (1, 7)])

    assert invariants.broken() == []


def test_what_a_statement_did_not_see_yet_is_no_fault(pool):
    second = 1 / 3600
    history(
        pool, (9, 5), (8, 5), (5 + second / 2, 4), (4 + second / 2, 3), (4, 3), limits=[(2, 10)]
    )

    assert invariants.broken() == []


def test_many_cases_are_counted():
    make_pool(150)
    alter(
        without("draining_seat_is_held", "licensing_seat"),
        "UPDATE licensing_seat SET draining = true",
    )

    assert invariants.broken()[100] == "And 50 more like that."


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE licensing_auditentry SET reason = 'Nothing happened' WHERE number = 2",
        "WITH events AS (DELETE FROM licensing_outboxevent) "
        "DELETE FROM licensing_auditentry WHERE number = 2",
    ],
)
def test_audit_record_that_somebody_changed(pool, tampering):
    audit.record(pool, "key_revealed", by=TESTER)
    alter("ALTER TABLE licensing_auditentry DISABLE TRIGGER USER", tampering)

    assert AuditEntry.objects.filter(number=3).exists()
    assert invariants.broken() == [
        f"The audit record of {pool.licence.account.name} is broken at entry 2."
    ]


def test_command_says_that_all_is_well(pool, capsys):
    make_session(pool, make_client())

    call_command("check_invariants")

    assert capsys.readouterr().out == "Every invariant holds.\n"


def test_command_fails_with_what_is_broken(pool, capsys):
    Licence.objects.update(seats=3)

    with pytest.raises(CommandError, match="has a limit of 3 but only 2 seats"):
        call_command("check_invariants", "--json")

    assert json.loads(capsys.readouterr().out) == {"broken": invariants.broken()}
