"""Migrations run beside a product at work: none may stop check-outs while it looks at every row."""

from __future__ import annotations

import datetime as dt
import importlib

import pytest
from django.db import connection, migrations, models
from django.db.models.functions import Now, Random
from django_pg_migration_tools.operations import SaferAddIndexConcurrently

from licensing import partitions
from licensing.models import (
    AuditEntry,
    ClientSession,
    ClosedId,
    Denial,
    FeatureSeat,
    Hold,
    OutboxEvent,
    Seat,
    UseOfHour,
)
from tests.licensing import released
from tests.licensing.migration_sql import found_by, migration_of, statements

WRITTEN = (ClientSession, Seat, FeatureSeat, Denial, AuditEntry, OutboxEvent)
GROWN = (Hold, ClosedId, UseOfHour)
HISTORY = ("licensing_endedsession", "licensing_olddenial")
BUSY = "|".join([*(model._meta.db_table for model in (*WRITTEN, *GROWN)), *HISTORY])
"""Tables that check-outs write to, and those that grow with every day."""

RULES = {
    "Builds an index while nobody may write: django_pg_migration_tools builds it concurrently.": (
        rf'CREATE (UNIQUE )?INDEX (?!CONCURRENTLY).* ON "({BUSY})"'
    ),
    "Adds a constraint that looks at every row at once: add it NOT VALID, then validate it.": (
        rf'ALTER TABLE "({BUSY})" ADD CONSTRAINT (?!.*(NOT VALID|USING INDEX))'
    ),
    "Adds a column that has to be written into every row: add it empty, fill it in batches.": (
        rf'ALTER TABLE "({BUSY})" ADD COLUMN .*'
        r"(GENERATED|SERIAL|RANDOM\(|UUID\(|CLOCK_TIMESTAMP|NEXTVAL)"
    ),
    "Changes a column's type, which may write every row anew.": (
        rf'ALTER TABLE "({BUSY})" ALTER COLUMN .* TYPE '
    ),
    "Looks for nulls in every row at once: SaferAlterFieldSetNotNull does not.": (
        rf'ALTER TABLE "({BUSY})" ALTER COLUMN .* SET NOT NULL'
    ),
    "Writes every row in one transaction: fill it in batches, by a task or a command.": (
        rf'(UPDATE|DELETE FROM) "?({BUSY})\b'
    ),
}


def faults(migration, state=None):
    """What in a migration would stop a product at work."""
    if not migration.atomic and len(migration.operations) > 1:
        return ["Is done in part when it fails in the middle: one operation where atomic = False."]
    return found_by(RULES, statements(migration, state))


@pytest.fixture(autouse=True)
def no_transaction(django_db_setup, django_db_blocker):
    """Migrations are only read here."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def latest():
    """Every model as the last migrations leave it."""
    return migrations.loader.MigrationLoader(None).project_state()


@pytest.mark.slow
def test_no_migration_stops_a_product_at_work():
    """None that is to be run still: those of the release before are everywhere by now."""
    loader = migrations.loader.MigrationLoader(None)
    found = {
        key: found
        for key, migration in loader.disk_migrations.items()
        if released.is_newer(key) and (found := faults(migration))
    }

    assert found == {}


SESSION = "clientsession"
INDEX = models.Index(fields=["version"], name="of_version")
ADD_INDEX = SaferAddIndexConcurrently(SESSION, INDEX)


@pytest.mark.census
@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        (migrations.AddIndex(SESSION, INDEX), "Builds an index"),
        (
            migrations.AddConstraint("seat", models.UniqueConstraint("licence", name="one")),
            "Builds an index",
        ),
        (
            migrations.AddConstraint(
                "denial", models.CheckConstraint(condition=~models.Q(version=""), name="has_one")
            ),
            "Adds a constraint",
        ),
        (
            migrations.AddField(SESSION, "luck", models.FloatField(db_default=Random())),
            "Adds a column",
        ),
        (migrations.AlterField(SESSION, "version", models.TextField()), "Changes a column's type"),
        (migrations.RunSQL("UPDATE licensing_seat SET draining = false"), "Writes every row"),
    ],
)
def test_the_rules_catch(latest, operation, fault):
    [found] = faults(migration_of(operation), latest.clone())

    assert found.startswith(fault)


@pytest.mark.parametrize(
    "operation",
    [
        ADD_INDEX,
        migrations.AddField(SESSION, "seen_at", models.DateTimeField(db_default=Now())),
        migrations.AddField("seat", "kept_for", models.TextField(null=True)),
        migrations.RunSQL(
            "CREATE FUNCTION free() RETURNS void LANGUAGE sql"
            " AS $$ UPDATE licensing_seat SET session_id = NULL $$"
        ),
    ],
)
def test_the_rules_let_pass(latest, operation):
    assert faults(migration_of(operation, atomic=False), latest.clone()) == []


def test_a_migration_without_a_transaction_does_one_thing():
    twice = migration_of(ADD_INDEX, ADD_INDEX, atomic=False)

    assert faults(twice) != []


MARCH = dt.datetime(2001, 3, 1, tzinfo=dt.UTC)
BEGUN = "ON licensing_endedsession_2001_03 (id)"
"""An index that was not finished, as far as its name tells."""
INDEXES_OF_HISTORY = """
    SELECT count(*), count(*) FILTER (WHERE index.relispartition AND indisvalid)
    FROM pg_inherits JOIN pg_index ON indrelid = inhrelid
    JOIN pg_class index ON index.oid = indexrelid
    WHERE inhparent = 'licensing_endedsession'::regclass
        AND pg_get_indexdef(indexrelid) LIKE '%ended_at - started_at%'
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_long_sessions_of_every_month_of_history_are_found():
    of_history = importlib.import_module("licensing.migrations.0040_long_sessions_of_history")
    partitions.make("licensing_endedsession", since=MARCH, until=MARCH + dt.timedelta(days=60))
    with connection.cursor() as cursor, connection.schema_editor(atomic=False) as editor:
        of_history.drop(None, editor)
        cursor.execute(f"CREATE INDEX licensing_endedsession_2001_03_long {BEGUN}")
        of_history.build(None, editor)
        of_history.build(None, editor)
        cursor.execute(INDEXES_OF_HISTORY)
        found, whole = cursor.fetchone()

    months = len(partitions.existing("licensing_endedsession"))
    assert (found, whole) == (months, months)
    partitions.drop("licensing_endedsession", before=MARCH + dt.timedelta(days=99))
