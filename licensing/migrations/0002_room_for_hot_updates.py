from django.db import migrations

TABLES = {"licensing_clientsession": 70, "licensing_seat": 80}


class Migration(migrations.Migration):
    """Leave room on each page, so that a refresh stays a heap-only update (no index is touched)."""

    dependencies = [("licensing", "0001_initial")]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} SET (fillfactor = {percent}, autovacuum_vacuum_scale_factor = 0.05)",
            f"ALTER TABLE {table} RESET (fillfactor, autovacuum_vacuum_scale_factor)",
        )
        for table, percent in TABLES.items()
    ]
