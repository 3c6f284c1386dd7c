from django.apps import apps as current
from django.db import migrations

from support.permissions import grant


def grant_rights(apps, schema_editor):
    """Give each group sight of the new records too."""
    grant(apps, current)


class Migration(migrations.Migration):
    """Staff see which reports are mailed."""

    dependencies = [
        ("support", "0010_sight_of_webhooks"),
        ("portal", "0034_reports"),
    ]

    operations = [migrations.RunPython(grant_rights, migrations.RunPython.noop)]
