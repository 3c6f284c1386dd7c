import django.db.models.deletion
import django.db.models.functions.datetime
from django.apps import apps as current
from django.conf import settings
from django.db import migrations, models

from support.permissions import RIGHTS, grant


def grant_rights(apps, schema_editor):
    """Give the groups what the table says."""
    grant(apps, current)


class Migration(migrations.Migration):
    """Sales and supervisors see which renewals are due, in calendars of their own too."""

    dependencies = [
        ("support", "0031_ending_overlaps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RenewalCalendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="renewal_calendar",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AlterModelOptions(
            name="staffright",
            options={"default_permissions": (), "managed": False, "permissions": RIGHTS},
        ),
        migrations.RunPython(grant_rights, migrations.RunPython.noop),
    ]
