"""Finds a denial by the request that was refused."""

from django.db import migrations, models
from django_pg_migration_tools.operations import SaferAddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # people are refused meanwhile

    dependencies = [
        ("licensing", "0045_requests_of_denials"),
    ]

    operations = [
        SaferAddIndexConcurrently(
            model_name="denial",
            index=models.Index(
                condition=~models.Q(("request_id", "")),
                fields=["request_id"],
                name="denials_of_request",
            ),
        ),
    ]
