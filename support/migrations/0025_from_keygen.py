from django.apps import apps as current
from django.db import migrations

from support.permissions import RIGHTS, grant


def grant_rights(apps, schema_editor):
    """Give the groups what the table says."""
    grant(apps, current)


class Migration(migrations.Migration):
    """Sales bring licences and machines from Keygen."""

    dependencies = [("support", "0024_full_exports")]

    operations = [
        migrations.AlterModelOptions(
            name="staffright",
            options={"default_permissions": (), "managed": False, "permissions": RIGHTS},
        ),
        migrations.RunPython(grant_rights, migrations.RunPython.noop),
    ]
