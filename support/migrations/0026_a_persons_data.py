from django.apps import apps as current
from django.db import migrations

from support.permissions import RIGHTS, grant


def grant_rights(apps, schema_editor):
    """Give the groups what the table says."""
    grant(apps, current)


class Migration(migrations.Migration):
    """Support and supervisors hand out what is held on a person, and erase them."""

    dependencies = [("support", "0025_from_keygen")]

    operations = [
        migrations.AlterModelOptions(
            name="staffright",
            options={"default_permissions": (), "managed": False, "permissions": RIGHTS},
        ),
        migrations.RunPython(grant_rights, migrations.RunPython.noop),
    ]
