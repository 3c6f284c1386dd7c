from django.apps import apps as current
from django.db import migrations

from support.permissions import RIGHTS, grant


def grant_rights(apps, schema_editor):
    """Give each group what the table says."""
    grant(apps, current)


class Migration(migrations.Migration):
    """Support takes everything from somebody who leaves a customer."""

    dependencies = [("support", "0008_features")]

    operations = [
        migrations.AlterModelOptions(
            name="staffright",
            options={"default_permissions": (), "managed": False, "permissions": RIGHTS},
        ),
        migrations.RunPython(grant_rights, migrations.RunPython.noop),
    ]
