"""The same of history: each partition's index is built beside those who read and move rows."""

from django.db import migrations

LONG = "(account_id, ended_at) WHERE ended_at - started_at > interval '1 day'"
OF_ALL = f"CREATE INDEX IF NOT EXISTS history_of_long ON ONLY licensing_endedsession {LONG}"
PARTITIONS_WITHOUT = """
    SELECT partition.relname FROM pg_inherits
    JOIN pg_class partition ON partition.oid = pg_inherits.inhrelid
    WHERE inhparent = 'licensing_endedsession'::regclass AND NOT EXISTS (
        SELECT FROM pg_index of JOIN pg_inherits part ON part.inhrelid = of.indexrelid
        WHERE of.indrelid = partition.oid AND part.inhparent = 'history_of_long'::regclass
    )
"""
# One that was begun and not finished is not valid: it is built anew.
OF_ONE = (
    "DROP INDEX CONCURRENTLY IF EXISTS {0}_long",
    f"CREATE INDEX CONCURRENTLY {{0}}_long ON {{0}} {LONG}",
    "ALTER INDEX history_of_long ATTACH PARTITION {0}_long",
)


def build(apps, schema_editor):
    """Build the index of every partition that has none."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(OF_ALL)
        cursor.execute(PARTITIONS_WITHOUT)
        for (partition,) in cursor.fetchall():
            for statement in OF_ONE:
                cursor.execute(statement.format(partition))


def drop(apps, schema_editor):
    """Drop all of them."""
    schema_editor.execute("DROP INDEX history_of_long")


class Migration(migrations.Migration):
    atomic = False  # what people do goes on while they are made

    dependencies = [
        ("licensing", "0039_long_sessions"),
    ]

    operations = [
        migrations.RunPython(build, drop),
    ]
