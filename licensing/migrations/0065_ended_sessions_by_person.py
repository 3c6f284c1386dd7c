"""Finds who was in by how a user's name begins."""

from django.db import migrations, models
from django_pg_migration_tools.operations import SaferAddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # check-outs go on meanwhile

    dependencies = [
        ("licensing", "0064_ended_sessions_by_machine"),
    ]

    operations = [
        SaferAddIndexConcurrently(
            model_name="clientsession",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False)),
                fields=["person"],
                name="ended_sessions_by_person",
                opclasses=["text_pattern_ops"],
            ),
        ),
    ]
