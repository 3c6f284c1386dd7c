from django.apps import apps as current
from django.db import migrations

from support.permissions import grant


def grant_rights(apps, schema_editor):
    """Each act has a right of its own; auditors see everything and do nothing."""
    grant(apps, current)


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0002_staff_rights"),
        ("licensing", "0008_sessions_of_key"),
        ("portal", "0001_initial"),
    ]

    operations = [migrations.RunPython(grant_rights, migrations.RunPython.noop)]
