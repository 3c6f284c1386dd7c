"""Finds what was done for a ticket, in all accounts."""

from django.db import migrations, models
from django.db.models.functions import Upper
from django_pg_migration_tools.operations import SaferAddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # the record is written meanwhile

    dependencies = [("licensing", "0043_for_staff")]

    operations = [
        SaferAddIndexConcurrently(
            model_name="auditentry",
            index=models.Index(
                Upper("ticket"),
                models.F("id").desc(),
                condition=models.Q(("ticket__gt", "")),
                name="audit_of_ticket",
            ),
        ),
    ]
