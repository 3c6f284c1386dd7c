from django.apps import apps as current
from django.db import migrations

from support.permissions import grant


def grant_rights(apps, schema_editor):
    """Give each group what the table says."""
    grant(apps, current)


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0025_email_changes_by_support"),
        ("support", "0001_staff_rights"),
    ]

    operations = [migrations.RunPython(grant_rights, migrations.RunPython.noop)]
