import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A contact and notes of a customer's own on its licences."""

    dependencies = [
        ("licensing", "0014_origin_of_audit_entries"),
        ("portal", "0018_knows_release"),
    ]

    operations = [
        migrations.CreateModel(
            name="LicenceNotes",
            fields=[
                (
                    "licence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="customer_notes",
                        serialize=False,
                        to="licensing.licence",
                    ),
                ),
                ("contact_name", models.CharField(blank=True, max_length=100)),
                ("contact_email", models.EmailField(blank=True, max_length=254)),
                ("text", models.TextField(blank=True, max_length=2000)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="licensing.account",
                    ),
                ),
            ],
            options={"verbose_name_plural": "licence notes"},
        ),
    ]
