"""The same of history: each partition's index is built beside those who read and move rows."""

from django.db import migrations

OF_REQUEST = "(request_id) WHERE request_id <> ''"
OF_ALL = (
    f"CREATE INDEX IF NOT EXISTS old_denials_of_request ON ONLY licensing_olddenial {OF_REQUEST}"
)
PARTITIONS_WITHOUT = """
    SELECT partition.relname FROM pg_inherits
    JOIN pg_class partition ON partition.oid = pg_inherits.inhrelid
    WHERE inhparent = 'licensing_olddenial'::regclass AND NOT EXISTS (
        SELECT FROM pg_index of JOIN pg_inherits part ON part.inhrelid = of.indexrelid
        WHERE of.indrelid = partition.oid AND part.inhparent = 'old_denials_of_request'::regclass
    )
"""
# One that was begun and not finished is not valid: it is built anew.
OF_ONE = (
    "DROP INDEX CONCURRENTLY IF EXISTS {0}_request",
    f"CREATE INDEX CONCURRENTLY {{0}}_request ON {{0}} {OF_REQUEST}",
    "ALTER INDEX old_denials_of_request ATTACH PARTITION {0}_request",
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
    schema_editor.execute("DROP INDEX old_denials_of_request")


class Migration(migrations.Migration):
    atomic = False  # people are refused meanwhile

    dependencies = [
        ("licensing", "0046_denials_of_request"),
    ]

    operations = [
        migrations.RunPython(build, drop),
    ]
