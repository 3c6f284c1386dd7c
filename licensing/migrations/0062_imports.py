import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Lists that are taken in row by row, and how far each is."""

    dependencies = [
        ("licensing", "0061_no_parts_among_deeds"),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("alm", "an ALM list"),
                            ("keygen", "Keygen's licences"),
                            ("options", "an options file"),
                            ("export", "an account's export"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "began_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "moved_at",
                    models.DateTimeField(help_text="When rows were settled last.", null=True),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imports",
                        to="licensing.account",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="began_import",
                        to="licensing.auditentry",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(help_text="Its line in the list.")),
                ("kind", models.CharField(default="licence", max_length=30)),
                ("name", models.CharField(max_length=255)),
                ("seats", models.PositiveIntegerField(default=0)),
                ("asked", models.JSONField(default=dict)),
                ("settled_at", models.DateTimeField(null=True)),
                ("made", models.CharField(blank=True, max_length=64)),
                ("problem", models.TextField(blank=True)),
                (
                    "whole",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="licensing.import",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("account",),
                name="one_open_import_of_an_account",
            ),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(
                condition=models.Q(("settled_at", None)),
                fields=["whole", "id"],
                name="waiting_rows_of_import",
            ),
        ),
    ]
