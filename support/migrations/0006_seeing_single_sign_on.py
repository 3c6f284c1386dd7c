from django.apps import apps as current
from django.db import migrations

from support.permissions import grant


def grant_rights(apps, schema_editor):
    """Staff see which accounts have single sign-on, and their domains."""
    grant(apps, current)


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0014_single_sign_on"),
        ("support", "0005_resetting_two_step"),
    ]

    operations = [
        migrations.RunPython(grant_rights, migrations.RunPython.noop),
    ]
