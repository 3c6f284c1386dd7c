import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a person puts off on the home page."""

    dependencies = [
        ("licensing", "0014_origin_of_audit_entries"),
        ("portal", "0012_language"),
    ]

    operations = [
        migrations.CreateModel(
            name="Snooze",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(max_length=60, help_text="What it is, such as full:17."),
                ),
                ("until", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="snoozes",
                        to="licensing.account",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="snoozes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-until"]},
        ),
        migrations.AddConstraint(
            "snooze",
            models.UniqueConstraint(
                fields=["person", "account", "name"], name="thing_is_snoozed_once"
            ),
        ),
    ]
