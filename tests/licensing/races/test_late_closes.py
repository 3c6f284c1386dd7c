"""A close that was queued while its program was offline, beside the program opened again."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import transaction

from licensing import pools, sessions, statements
from licensing.models import ClientSession
from tests.factories import make_client, make_pool, make_session
from tests.licensing.faults import changed
from tests.licensing.races.together import at_once, until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = dt.timedelta(hours=1)
GUARD_START, GUARD_END = "AND COALESCE(", "RETURNING session.id"


def refreshed(key, client, session):
    sessions.refresh(session.pk)


def opened_again(key, client, session):
    sessions.check_out_with_key(key.serial_number, key.plain, client)


BOTH_WAYS = (refreshed, opened_again)


def is_kept_beside_a_late_close(keep):
    """Whether a session goes on that is kept, acknowledged, while a late close waits for it."""
    key, client = make_pool(2), make_client()
    session = make_session(key, client, refreshed=HOUR)
    is_kept = threading.Event()

    def keep_it():
        with transaction.atomic():
            keep(key, client, session)
            is_kept.set()
            until_somebody_waits()

    def close_it_late():
        is_kept.wait()
        sessions.close(session.pk, ended_at=session.refreshed_at + HOUR / 2)

    at_once(keep_it, close_it_late)
    return ClientSession.objects.active().filter(pk=session.pk).exists()


def test_what_is_kept_while_the_close_waits_goes_on():
    assert [is_kept_beside_a_late_close(keep) for keep in BOTH_WAYS] == [True, True]


def test_control_a_close_that_compares_before_it_waits_ends_it(monkeypatch):
    text = statements.GIVE_BACK
    guard = text[text.index(GUARD_START) : text.index(GUARD_END)]
    early = f"""AND EXISTS (
        SELECT 1 FROM licensing_clientsession session WHERE id = %(session)s {guard}
    ) FOR UPDATE"""
    monkeypatch.setattr(
        pools, "GIVE_BACK", changed(changed(text, guard, ""), "FOR UPDATE", early, 1)
    )

    assert [is_kept_beside_a_late_close(keep) for keep in BOTH_WAYS] == [False, False]
