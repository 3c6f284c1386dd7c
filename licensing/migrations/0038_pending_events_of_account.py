"""Finds the oldest event of each account that is still to be told."""

from django.db import migrations, models
from django_pg_migration_tools.operations import SaferAddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # what people do goes on while it is made

    dependencies = [
        ("licensing", "0037_customer_is_one_account"),
    ]

    operations = [
        SaferAddIndexConcurrently(
            model_name="outboxevent",
            index=models.Index(
                condition=models.Q(("delivered_at", None)),
                fields=["account", "id"],
                name="pending_events_of_account",
            ),
        ),
    ]
