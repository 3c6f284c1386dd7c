"""What use there was in each hour, counted once and kept for ever."""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0029_feature_holds_so_far"),
    ]

    operations = [
        migrations.CreateModel(
            name="UseCounted",
            fields=[
                (
                    "licence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="licensing.licence",
                    ),
                ),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="UseOfHour",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hour", models.DateTimeField()),
                ("peak_00", models.PositiveIntegerField()),
                ("peak_15", models.PositiveIntegerField()),
                ("peak_30", models.PositiveIntegerField()),
                ("peak_45", models.PositiveIntegerField()),
                ("peak", models.PositiveIntegerField()),
                ("seat_seconds", models.FloatField()),
                ("seconds_at_limit", models.FloatField()),
                ("seats", models.PositiveIntegerField(null=True, verbose_name="user limit")),
                ("people", models.PositiveIntegerField()),
                ("machines", models.PositiveIntegerField()),
                ("true_denials", models.PositiveIntegerField()),
                ("transient_denials", models.PositiveIntegerField()),
                ("repeats", models.PositiveIntegerField()),
                ("policy_refusals", models.PositiveIntegerField()),
                ("entitlement_refusals", models.PositiveIntegerField()),
                ("key_refusals", models.PositiveIntegerField()),
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
                "ordering": ["-hour", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("licence", "feature", "hour"),
                        name="hour_is_counted_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "peak",
                                django.db.models.functions.comparison.Greatest(
                                    "peak_00", "peak_15", "peak_30", "peak_45"
                                ),
                            )
                        ),
                        name="peak_of_hour_is_of_a_quarter",
                    ),
                ],
            },
        ),
    ]
