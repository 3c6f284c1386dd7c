from __future__ import annotations

import pytest

from licensing import errors, sessions
from tests.factories import make_session


def test_open_sessions_go_on(run, pool):
    session = make_session(pool)

    answer = run("revoke_key", pool.serial_number, "--reason=Leak suspected")

    assert answer == {"serial_number": pool.serial_number, "ended_sessions": 0}
    assert sessions.refresh(session.pk).session_id == session.pk


def test_ends_the_sessions_if_asked(run, pool):
    session = make_session(pool)

    answer = run("revoke_key", pool.serial_number, "--reason=Leak suspected", "--end-sessions")

    assert answer == {"serial_number": pool.serial_number, "ended_sessions": 1}
    with pytest.raises(errors.SessionEnded) as told:
        sessions.refresh(session.pk)
    assert told.value.extra["reason"] == "key_revoked"


def test_sessions_can_be_ended_later(run, pool):
    make_session(pool)
    run("revoke_key", pool.serial_number, "--reason=Leak suspected")

    answer = run("revoke_key", pool.serial_number, "--reason=Seen in use", "--end-sessions")

    assert answer == {"serial_number": pool.serial_number, "ended_sessions": 1}


def test_says_that_a_key_was_revoked_already(run, refusal, pool):
    run("revoke_key", pool.serial_number, "--reason=Leak suspected")

    said = refusal("revoke_key", pool.serial_number, "--reason=Leak suspected")

    assert said == "This key has been revoked already."
