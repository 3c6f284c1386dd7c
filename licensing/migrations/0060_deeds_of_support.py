"""Finds what the vendor's people did lately, in all accounts, each act once."""

from django.db import migrations, models
from django_pg_migration_tools.operations import SaferAddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # the record is written meanwhile

    dependencies = [("licensing", "0059_parts_of_acts")]

    operations = [
        SaferAddIndexConcurrently(
            model_name="auditentry",
            index=models.Index(
                condition=models.Q(("actor_kind", "support"), ("part_of", None)),
                fields=["-at", "-id"],
                name="audit_of_deeds",
            ),
        ),
    ]
