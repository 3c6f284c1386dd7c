"""The staff's groups see deliveries too."""

from django.apps import apps as current
from django.db import migrations

from support.permissions import grant


def grant_rights(apps, schema_editor):
    """Give each group what the table says."""
    grant(apps, current)


class Migration(migrations.Migration):
    dependencies = [("support", "0002_people_rights"), ("portal", "0027_deliveries")]

    operations = [migrations.RunPython(grant_rights, migrations.RunPython.noop)]
