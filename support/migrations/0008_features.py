from django.apps import apps as current
from django.db import migrations

from support.permissions import RIGHTS, grant


def grant_rights(apps, schema_editor):
    """Give each group what the table says."""
    grant(apps, current)


class Migration(migrations.Migration):
    """Sales change the features of a licence."""

    dependencies = [("support", "0007_selling_and_removing")]

    operations = [
        migrations.AlterModelOptions(
            name="staffright",
            options={"default_permissions": (), "managed": False, "permissions": RIGHTS},
        ),
        migrations.RunPython(grant_rights, migrations.RunPython.noop),
    ]
