"""Finds who was in by how a machine's name begins; whoever ends writes here, not among all who are in."""

from django.db import migrations, models
from django_pg_migration_tools.operations import SaferAddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # check-outs go on meanwhile

    dependencies = [
        ("licensing", "0063_active_sessions_of_person"),
    ]

    operations = [
        SaferAddIndexConcurrently(
            model_name="clientsession",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False)),
                fields=["machine"],
                name="ended_sessions_by_machine",
                opclasses=["text_pattern_ops"],
            ),
        ),
    ]
