from django.apps import apps as current
from django.db import migrations

from support.permissions import grant


def grant_rights(apps, schema_editor):
    """Give each group sight of the new records too."""
    grant(apps, current)


class Migration(migrations.Migration):
    """Staff see what use is counted from."""

    dependencies = [("support", "0004_taking_leases_over"), ("licensing", "0028_late_facts")]

    operations = [migrations.RunPython(grant_rights, migrations.RunPython.noop)]
