"""Long exports wait 14 days to be fetched by whoever ordered them."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import portal.models.exports


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0013_denials_without_needless_indexes"),
        ("portal", "0007_email_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("listed", models.CharField(max_length=30)),
                ("format", models.CharField(max_length=5)),
                (
                    "query",
                    models.TextField(
                        blank=True, help_text="The view's address after the question mark."
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("ready_at", models.DateTimeField(blank=True, null=True)),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("rows", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "file",
                    models.FileField(
                        blank=True, storage=portal.models.exports.private_files, upload_to="exports"
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exports",
                        to="licensing.account",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
            },
        ),
    ]
