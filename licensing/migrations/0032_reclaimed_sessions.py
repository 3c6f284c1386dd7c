"""Finds whose seat was reclaimed, for the outcome of a refusal; only reclaiming touches it."""

from django.db import migrations, models
from django_pg_migration_tools.operations import SaferAddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # check-outs go on while it is made

    dependencies = [
        ("licensing", "0031_working_hours"),
    ]

    operations = [
        SaferAddIndexConcurrently(
            model_name="clientsession",
            index=models.Index(
                condition=models.Q(("end_reason", "reclaimed")),
                fields=["licence", "identity"],
                name="reclaimed_sessions",
            ),
        ),
    ]
