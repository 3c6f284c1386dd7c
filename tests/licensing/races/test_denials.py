"""Those whom a full pool refuses at once and who share one row do not wait for each other."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from licensing import batches, denials, errors
from licensing.denial_statements import OF_A_KEY
from licensing.group_commit import Asked
from licensing.models import Denial
from tests.factories import make_client

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def durable(monkeypatch):
    """A database that waits for its disk, and one name for each key."""
    monkeypatch.setattr(denials, "MOST_NAMED", 1)
    ask("SET synchronous_commit = on")
    yield
    ask("RESET synchronous_commit")


def ask(sql):
    """What the database answers, if anything."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


def refuse(key, *usernames):
    for username in usernames:
        denials.record(key, make_client(username=username), errors.PoolExhausted())


def test_what_many_share_is_not_locked_until_it_is_on_disk(pool):
    with transaction.atomic():
        refuse(pool, "named")
        of_named = ask("SHOW synchronous_commit")
        refuse(pool, "another")

        assert (of_named, ask("SHOW synchronous_commit")) == ("on", "off")


def test_what_many_share_is_on_disk_when_they_are_answered(pool):
    refuse(pool, "named", "another")
    before = ask("SELECT pg_current_wal_insert_lsn()")

    refuse(pool, "a third")

    assert Denial.objects.get(username="*").count == 2
    assert ask(f"SELECT pg_current_wal_flush_lsn() > '{before}'")
    assert ask("SHOW synchronous_commit") == "on"


def test_those_who_are_refused_with_one_commit_are_on_disk_when_they_are_answered(pool):
    refuse(pool, "named", "another")
    values = denials.written_down(pool, make_client(username="a third"), errors.PoolExhausted())
    before = ask("SELECT pg_current_wal_insert_lsn()")

    batches.refuse_many([Asked(OF_A_KEY, values), Asked(OF_A_KEY, values)])

    assert Denial.objects.get(username="*").count == 3
    assert ask(f"SELECT pg_current_wal_flush_lsn() > '{before}'")
    assert ask("SHOW synchronous_commit") == "on"
