"""Finds what a request did, in all accounts."""

from django.db import migrations, models
from django_pg_migration_tools.operations import SaferAddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # the record is written meanwhile

    dependencies = [
        ("licensing", "0047_denials_of_request_of_history"),
    ]

    operations = [
        SaferAddIndexConcurrently(
            model_name="auditentry",
            index=models.Index(
                condition=~models.Q(("request_id", "")),
                fields=["request_id"],
                name="audit_of_request",
            ),
        ),
    ]
