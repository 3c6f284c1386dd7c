"""The same seeds and the same end make the same history."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from licensing.models import ClientSession
from support.demo.estate import history
from support.demo.estate.accounts import BROOK_TEAMS

pytestmark = pytest.mark.slow

NOW = 1_795_500_000.0


def lived() -> list:
    """A short history's sessions, told as they were, and gone again."""
    with transaction.atomic():
        history.fill(BROOK_TEAMS[:4], days=3, now=NOW)
        sessions = ClientSession.objects.order_by("started_at", "identity")
        told = list(sessions.values_list("username", "started_at", "ended_at", "end_reason"))
        transaction.set_rollback(True)
    return told


@pytest.mark.django_db
def test_history_is_the_same_each_time_and_leaves_the_database_its_own_clock():
    assert lived() == lived() != []

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace('demo_clock'), current_setting('search_path')")
        assert cursor.fetchone() == (None, '"$user", public')
