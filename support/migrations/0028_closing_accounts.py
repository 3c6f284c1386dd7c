from django.apps import apps as current
from django.db import migrations

from support.permissions import RIGHTS, grant


def grant_rights(apps, schema_editor):
    """Give the groups what the table says."""
    grant(apps, current)


class Migration(migrations.Migration):
    """Supervisors close an account; support and sales keep it, too, while it can be kept."""

    dependencies = [
        ("support", "0027_planned_by_order"),
        ("licensing", "0051_closed_accounts"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="staffright",
            options={"default_permissions": (), "managed": False, "permissions": RIGHTS},
        ),
        migrations.RunPython(grant_rights, migrations.RunPython.noop),
    ]
