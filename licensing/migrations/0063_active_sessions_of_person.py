"""Finds who is in by a user's whole name; whoever ends writes nothing here."""

from django.db import migrations, models
from django_pg_migration_tools.operations import SaferAddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # check-outs go on meanwhile

    dependencies = [
        ("licensing", "0062_imports"),
    ]

    operations = [
        SaferAddIndexConcurrently(
            model_name="clientsession",
            index=models.Index(
                condition=models.Q(("ended_at", None)),
                fields=["person"],
                name="active_sessions_of_person",
            ),
        ),
    ]
