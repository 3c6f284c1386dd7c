"""``migrate`` beside a product at work: it waits in short tries, and can be run again."""

from __future__ import annotations

import contextlib
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.signals import post_migrate
from django.db.utils import OperationalError

from licensing import readiness
from licensing.management.commands import migrate

IS_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('shelf_width')"


FORGET = """
    DROP TABLE IF EXISTS shelves_shelf; DELETE FROM django_migrations WHERE app = 'shelves'
"""


@pytest.fixture(autouse=True)
def shelves(settings, monkeypatch, django_db_setup, django_db_blocker):
    """The app's table at its first migration, outside any transaction; taken away by hand."""
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "tests.commands.shelves"]
    settings.MIGRATION_LIMITS = {**settings.MIGRATION_LIMITS, "lock_timeout": "50ms"}
    monkeypatch.setattr(post_migrate, "send", lambda **_: [])  # rights and such: slow, not asked
    with django_db_blocker.unblock():
        run("0001")
        yield
        with connection.cursor() as cursor:
            cursor.execute(FORGET)


@pytest.fixture
def other():
    """Somebody else's connection."""
    other = connection.copy()
    yield other
    other.close()


def test_a_database_that_cannot_keep_every_name_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(readiness, "of_encoding", lambda: readiness.Fault("LATIN1.", "Make it."))

    with pytest.raises(CommandError, match=r"^LATIN1\. Make it\.$"):
        run("0002")


@pytest.fixture
def table_in_use(other):
    """Somebody else's transaction, which has the table."""
    other.set_autocommit(False)
    other.cursor().execute("LOCK TABLE shelves_shelf IN SHARE MODE")
    return other


@pytest.fixture
def pauses(monkeypatch):
    """What happens in each pause: nothing, unless a test says what."""
    happens = []
    monkeypatch.setattr(migrate.time, "sleep", lambda _: happens and happens.pop(0)())
    return happens


def run(target):
    """Migrate the app; return what it said on the way."""
    said = io.StringIO()
    call_command("migrate", "shelves", target, verbosity=0, stderr=said)
    return said.getvalue()


def value(sql):
    with connection.cursor() as cursor:
        row = cursor.execute(sql).fetchone()
    return row and row[0]


@pytest.mark.slow
def test_a_lock_that_is_given_back_was_waited_for(table_in_use, pauses):
    pauses += [lambda: None, table_in_use.rollback]

    said = run("0002")

    assert said.count("Something at work holds a table that is to be changed.") == 2
    assert value("SELECT count(width) FROM shelves_shelf") == 0


@pytest.mark.slow
def test_a_lock_that_is_never_given_back_is_told(table_in_use, pauses, monkeypatch):
    monkeypatch.setattr(migrate, "TRIES", 2)

    with pytest.raises(CommandError, match="Run it again: it goes on where it was"):
        run("0002")

    table_in_use.rollback()
    run("0002")


def test_two_at_once_take_turns(other, pauses):
    other.cursor().execute(migrate.CLAIM)
    pauses.append(lambda: other.cursor().execute(migrate.GIVE_BACK))

    assert "Another migration is at work." in run("0002")


def test_an_invalid_index_that_was_left_over_is_built_anew(other):
    run("0002")
    leave_invalid_index(other)
    assert value(IS_VALID) is False

    run("0003")

    assert value(IS_VALID) is True


def leave_invalid_index(other):
    """What a build leaves that was cut off while it waited for somebody's transaction."""
    other.set_autocommit(False)
    other.cursor().execute("INSERT INTO shelves_shelf DEFAULT VALUES")
    with connection.cursor() as cursor, contextlib.suppress(OperationalError):
        cursor.execute("SET lock_timeout = '50ms'")
        cursor.execute("CREATE INDEX CONCURRENTLY shelf_width ON shelves_shelf (width)")
    other.rollback()


@pytest.mark.slow
def test_a_slow_statement_is_not_cut():
    run("0003")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '50ms'")

    run("0004")

    assert value("SHOW statement_timeout") == "1min"
    assert value("SHOW lock_timeout") == "0"
