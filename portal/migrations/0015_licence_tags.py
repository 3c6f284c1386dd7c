import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    """Words of a customer's own on its licences."""

    dependencies = [
        ("licensing", "0014_origin_of_audit_entries"),
        ("portal", "0014_single_sign_on"),
    ]

    operations = [
        migrations.CreateModel(
            name="LicenceTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=30)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="licence_tags",
                        to="licensing.account",
                    ),
                ),
                (
                    "licence",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tags",
                        to="licensing.licence",
                    ),
                ),
            ],
            options={"ordering": [django.db.models.functions.text.Lower("name")]},
        ),
        migrations.AddConstraint(
            "licencetag",
            models.UniqueConstraint(
                models.F("licence"),
                django.db.models.functions.text.Lower("name"),
                name="tag_is_on_a_licence_once",
            ),
        ),
        migrations.AddConstraint(
            "licencetag",
            models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="tag_has_a_name"
            ),
        ),
    ]
