"""Finds what ended of late on an account; no refresh touches it."""

from django.db import migrations, models
from django_pg_migration_tools.operations import SaferAddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # check-outs go on while it is made

    dependencies = [
        ("licensing", "0015_closed_after_release"),
    ]

    operations = [
        SaferAddIndexConcurrently(
            model_name="clientsession",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False)),
                fields=["account", "ended_at"],
                name="ended_sessions",
            ),
        ),
    ]
