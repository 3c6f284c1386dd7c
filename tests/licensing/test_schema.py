"""What the database itself refuses, whatever the code does."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, connection

from licensing.models import ClientSession, Seat
from tests.factories import make_session

pytestmark = pytest.mark.django_db


def copy_of(session: ClientSession) -> ClientSession:
    session.pk = uuid.uuid4()
    session._state.adding = True
    return session


def test_two_active_sessions_of_one_identity(pool):
    session = make_session(pool)

    with pytest.raises(IntegrityError, match="one_active_session_per_identity"):
        copy_of(session).save()


def test_one_session_on_two_seats(pool):
    session = make_session(pool)

    with pytest.raises(IntegrityError):
        Seat.objects.free().update(session=session)


def test_a_free_seat_that_drains(pool):
    with pytest.raises(IntegrityError, match="draining_seat_is_held"):
        Seat.objects.update(draining=True)


def test_an_ended_session_without_a_reason(pool):
    session = make_session(pool)

    with pytest.raises(IntegrityError, match="ended_session_has_a_reason"):
        ClientSession.objects.filter(pk=session.pk).update(ended_at=session.started_at)


def test_a_session_that_is_deleted_while_it_holds_a_seat(pool):
    session = make_session(pool)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError):
            cursor.execute("DELETE FROM licensing_clientsession WHERE id = %s", [session.pk])


def test_refreshes_touch_no_index(pool):
    """A refresh stays a heap-only update while nothing that it changes is indexed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'licensing_clientsession'"
        )
        indexes = " ".join(row[0] for row in cursor.fetchall())

    changed = ("refreshed_at", "grace_until", "reclaim_at", "version")
    assert [column for column in changed if column in indexes] == []
