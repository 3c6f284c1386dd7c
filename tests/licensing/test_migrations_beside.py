"""No migration takes from the release before what it uses, for it goes on beside the new schema."""

from __future__ import annotations

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django_pg_migration_tools.operations import SaferAddIndexConcurrently

from config import databases
from tests.licensing import released
from tests.licensing.migration_sql import found_by, migration_of, statements, without

RULES = {
    "Adds a column that the release before leaves out: give it a db_default, or let it be null.": (
        r"ADD COLUMN (?!.* (DEFAULT|GENERATED) ).*NOT NULL"
        r'|ADD COLUMN ("\w+") .*NOT NULL.*\n.*ALTER COLUMN \2 DROP DEFAULT'
    ),
    "Forbids nulls, which the release before may write: see to it that it writes none.": (
        r"ALTER COLUMN .* SET NOT NULL"
    ),
    "Takes away or renames what the release before uses: stop using it now, do it in the next.": (
        r"DROP COLUMN|DROP TABLE|ALTER TABLE \S+ RENAME (TO|COLUMN)"
    ),
    "Waits for locks by a limit of its own: `manage.py migrate` has one, so that nobody queues.": (
        r"LOCK TABLE|\A(?!(.|\n)*CONCURRENTLY)(.|\n)*lock_timeout"
    ),
}
ARE_SAFE: dict[tuple[str, str], str] = {}
"""Migrations, by app and name, of which a rule speaks though the release before lives with them;
why it does. They go when that release is another."""


@pytest.fixture(autouse=True)
def no_transaction(django_db_setup, django_db_blocker):
    """Migrations are only read here."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def loader():
    return MigrationLoader(None)


@pytest.mark.slow
def test_none_takes_from_the_release_before_what_it_uses(loader):
    newer = [key for key in loader.disk_migrations if released.is_newer(key)]
    since = made_since(loader)
    found = {
        key: found
        for key in newer
        if (found := found_by(RULES, without(since, statements(loader.disk_migrations[key]))))
    }

    assert {key: told for key, told in found.items() if key not in ARE_SAFE} == {}
    assert ARE_SAFE.keys() - found.keys() == set(), "no rule speaks of these any more"


def made_since(loader):
    """The tables that the release before does not know."""
    before = loader.project_state([*released.read()["migrations"].items()])
    return tables_of(loader.project_state()) - tables_of(before)


def tables_of(state):
    every = state.models.items()
    return {model.options.get("db_table") or f"{app}_{name}" for (app, name), model in every}


def test_nobody_queues_behind_a_migration_for_more_than_a_second():
    assert databases.MIGRATION_LIMITS["lock_timeout"] == "1s"


SESSION = "clientsession"
INDEX = models.Index(fields=["version"], name="of_version")
MADE_UP = [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]
UNSAFE = [
    (migrations.AddField(SESSION, "colour", models.TextField(default="")), "Adds a column"),
    (migrations.RunSQL("ALTER TABLE licensing_seat ADD COLUMN c int NOT NULL"), "Adds a column"),
    (migrations.AlterField(SESSION, "ended_at", models.DateTimeField()), "Forbids nulls"),
    (migrations.RemoveField(SESSION, "version"), "Takes away"),
    (migrations.RenameField(SESSION, "version", "release"), "Takes away"),
    (migrations.DeleteModel("PlannedSeats"), "Takes away"),
    (migrations.RenameModel("PlannedSeats", "SeatPlan"), "Takes away"),
    (migrations.RunSQL("SET lock_timeout = 0"), "Waits for locks"),
    (migrations.RunSQL("LOCK TABLE licensing_seat"), "Waits for locks"),
]
SAFE = [
    migrations.AddField(SESSION, "colour", models.TextField(db_default="")),
    migrations.AddField(SESSION, "colour", models.TextField(null=True)),
    migrations.CreateModel("Shelf", MADE_UP),
    SaferAddIndexConcurrently(SESSION, INDEX),
]


@pytest.mark.census
def test_the_rules_speak_of_what_is_not_safe_and_of_nothing_else(loader):
    state = loader.project_state()
    wrong = {}
    for operation, fault in [*UNSAFE, *((operation, None) for operation in SAFE)]:
        found = found_by(RULES, statements(migration_of(operation, atomic=False), state.clone()))
        if [one[: len(fault or one)] for one in found] != ([fault] if fault else []):
            wrong[operation.describe()] = found

    assert wrong == {}
