from django.apps import apps as current
from django.db import migrations

from support.permissions import grant


def grant_rights(apps, schema_editor):
    """Give each group sight of the new records too."""
    grant(apps, current)


class Migration(migrations.Migration):
    """Staff see who has a secret address; not which."""

    dependencies = [
        ("support", "0013_sight_of_alerts"),
        ("portal", "0039_secret_addresses"),
    ]

    operations = [migrations.RunPython(grant_rights, migrations.RunPython.noop)]
