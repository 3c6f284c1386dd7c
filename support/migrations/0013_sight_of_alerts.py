from django.apps import apps as current
from django.db import migrations

from support.permissions import grant


def grant_rights(apps, schema_editor):
    """Give each group sight of the new records too."""
    grant(apps, current)


class Migration(migrations.Migration):
    """Staff see the alerts of accounts, and their rules."""

    dependencies = [
        ("support", "0012_sight_of_calendar_feeds"),
        ("portal", "0037_alerts"),
    ]

    operations = [migrations.RunPython(grant_rights, migrations.RunPython.noop)]
