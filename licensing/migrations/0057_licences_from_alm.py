import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    """Which licences an import of an ALM list made, and what they were there."""

    dependencies = [("licensing", "0056_merged_accounts")]

    operations = [
        migrations.CreateModel(
            name="FromAlm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("server", models.CharField(blank=True, max_length=100)),
                (
                    "seats",
                    models.PositiveIntegerField(
                        help_text="Of the whole row, also where it was split."
                    ),
                ),
                (
                    "peak",
                    models.PositiveIntegerField(
                        help_text="The most that were in use at once, by ALM's own log.", null=True
                    ),
                ),
                ("imported_at", models.DateTimeField(db_default=Now(), editable=False)),
                (
                    "licence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="from_alm",
                        to="licensing.licence",
                    ),
                ),
            ],
            options={
                "verbose_name": "licence from ALM",
                "verbose_name_plural": "licences from ALM",
            },
        ),
    ]
