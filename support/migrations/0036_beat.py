from django.apps import apps as current
from django.db import migrations

from support.permissions import grant


def grant_rights(apps, schema_editor):
    """Give the groups what the table says."""
    grant(apps, current)


class Migration(migrations.Migration):
    """Staff see which machine beats."""

    dependencies = [
        ("support", "0035_moves_from_alm"),
        ("portal", "0044_beat"),
    ]

    operations = [migrations.RunPython(grant_rights, migrations.RunPython.noop)]
