from django.apps import apps as current
from django.db import migrations

from support.permissions import grant


def grant_rights(apps, schema_editor):
    """Give the groups what the table says."""
    grant(apps, current)


class Migration(migrations.Migration):
    """Staff see what became of each row of an import."""

    dependencies = [
        ("support", "0038_taking_requests"),
        ("licensing", "0062_imports"),
    ]

    operations = [migrations.RunPython(grant_rights, migrations.RunPython.noop)]
