from django.apps import apps as current
from django.db import migrations

from support.permissions import RIGHTS, grant


def grant_rights(apps, schema_editor):
    """Give the groups what the table says."""
    grant(apps, current)


class Migration(migrations.Migration):
    """Sales date the end of the ALM codes of an account, and take it back."""

    dependencies = [
        ("support", "0034_own_webhooks"),
        ("licensing", "0058_end_of_alm_codes"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="staffright",
            options={"default_permissions": (), "managed": False, "permissions": RIGHTS},
        ),
        migrations.RunPython(grant_rights, migrations.RunPython.noop),
    ]
