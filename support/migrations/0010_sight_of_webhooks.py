from django.apps import apps as current
from django.db import migrations

from support.permissions import grant


def grant_rights(apps, schema_editor):
    """Give each group sight of the new records too."""
    grant(apps, current)


class Migration(migrations.Migration):
    """Staff see how webhooks stand."""

    dependencies = [
        ("support", "0009_leavers"),
        ("portal", "0032_webhooks"),
    ]

    operations = [migrations.RunPython(grant_rights, migrations.RunPython.noop)]
