from django.apps import apps as current
from django.db import migrations

from support.permissions import grant


def grant_rights(apps, schema_editor):
    """Give each group sight of the new records too."""
    grant(apps, current)


class Migration(migrations.Migration):
    """Staff see what use was counted."""

    dependencies = [
        ("support", "0005_sight_of_facts_of_use"),
        ("licensing", "0030_use_of_hours"),
    ]

    operations = [migrations.RunPython(grant_rights, migrations.RunPython.noop)]
