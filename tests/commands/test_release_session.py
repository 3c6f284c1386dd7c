from __future__ import annotations

import uuid

from licensing import sessions
from licensing.models import AuditEntry, Seat
from tests.factories import make_session


def test_frees_the_seat(run, pool):
    session = make_session(pool)

    answer = run("release_session", str(session.pk), "--reason=On holiday")

    assert answer == {"session": str(session.pk), "state": "released"}
    assert not Seat.objects.held().exists()
    assert AuditEntry.objects.get(action="session_released").reason == "On holiday"


def test_a_closed_session_stays_closed(run, pool):
    session = make_session(pool)
    sessions.close(session.pk)

    answer = run("release_session", str(session.pk), "--reason=On holiday")

    assert answer == {"session": str(session.pk), "state": "closed"}
    assert not AuditEntry.objects.filter(action="session_released").exists()


def test_an_unknown_id_is_named(refusal):
    unknown = uuid.uuid4()

    said = refusal("release_session", str(unknown), "--reason=On holiday")

    assert said == f"There is no session {unknown}."


def test_what_is_no_id_is_told(refusal):
    said = refusal("release_session", "CAD-017", "--reason=On holiday")

    assert said == "Error: argument SESSION_ID: 'CAD-017' is not the id of a session."
