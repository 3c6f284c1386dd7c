"""Finds who makes way at a full pool, whose refusal must stay cheap; no refresh touches it."""

from django.db import migrations, models
from django_pg_migration_tools.operations import SaferAddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # check-outs go on while it is made

    dependencies = [
        ("licensing", "0020_replaced_on_its_machine"),
    ]

    operations = [
        SaferAddIndexConcurrently(
            model_name="clientsession",
            index=models.Index(
                condition=models.Q(("ended_at", None)),
                fields=["machine", "person", "licence"],
                name="active_sessions_on_machine",
            ),
        ),
    ]
