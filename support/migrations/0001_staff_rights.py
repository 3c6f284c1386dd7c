from django.apps import apps as current
from django.db import migrations, models

from support.permissions import RIGHTS, grant


def grant_rights(apps, schema_editor):
    """Give each group what the table says."""
    grant(apps, current)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("licensing", "0016_ended_sessions"),
        ("portal", "0022_provider_links"),
    ]

    operations = [
        migrations.CreateModel(
            name="StaffRight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={"permissions": RIGHTS, "managed": False, "default_permissions": ()},
        ),
        migrations.RunPython(grant_rights, migrations.RunPython.noop),
    ]
