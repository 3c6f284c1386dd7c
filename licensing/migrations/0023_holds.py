"""Holds that are over and that no session tells any more."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0022_closed_ids"),
    ]

    operations = [
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("session", models.UUIDField(db_column="session_id")),
                ("held_since", models.DateTimeField()),
                ("held_until", models.DateTimeField(help_text="From then on the seat was free.")),
                (
                    "feature",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.feature",
                    ),
                ),
                (
                    "licence",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="licensing.licence",
                    ),
                ),
            ],
            options={
                "ordering": ["-held_since", "-pk"],
                "indexes": [
                    models.Index(
                        fields=["licence", "feature", "held_until"], name="holds_of_licence"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("held_since__lte", models.F("held_until"))),
                        name="hold_ends_after_it_begins",
                    )
                ],
            },
        ),
    ]
