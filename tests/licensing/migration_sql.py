"""Migrations as the SQL that they are, and what rules find in it."""

from __future__ import annotations

import re
from contextlib import closing

from django.db import connection, migrations

BODY = r"(?s)\$\$.*?\$\$"


def migration_of(*operations, atomic=True):
    """A migration of the licensing app that does so much."""
    migration = migrations.Migration("made_up", "licensing")
    migration.operations, migration.atomic = list(operations), atomic
    return migration


def found_by(rules, sql):
    """Which of the rules, sentences with a pattern each, speak of these statements."""
    text = "\n".join(sql)
    return [fault for fault, pattern in rules.items() if re.search(pattern, text, re.IGNORECASE)]


def statements(migration, state=None):
    """What the migration does to the tables that were there before it, safely or not.

    Not what its functions do once they are called. Other tests of this process may be in a
    transaction of theirs, in which no index is built concurrently: it has a connection of its own.
    """
    with (
        closing(connection.copy()) as own,
        own.schema_editor(collect_sql=True, atomic=False) as editor,
    ):
        migration.apply(state or state_before(migration), editor, collect_sql=True)
    made = re.findall(r'CREATE TABLE "(\w+)"', "".join(editor.collected_sql))
    return without(made, (re.sub(BODY, "", str(sql)) for sql in editor.collected_sql))


def without(tables, sql):
    """The statements that speak of none of these tables."""
    return [one for one in sql if not any(f'"{table}"' in one for table in tables)]


def state_before(migration):
    return migrations.loader.MigrationLoader(None).project_state(
        (migration.app_label, migration.name), at_end=False
    )
