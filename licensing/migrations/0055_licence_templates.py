import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from licensing.models.spelling import Alphabetical, CustomerName


class Migration(migrations.Migration):
    """What is sold often has a name, and a new licence begins with it."""

    dependencies = [("licensing", "0054_catalogue_names_unique")]

    operations = [
        migrations.CreateModel(
            name="LicenceTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=100)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="templates",
                        to="licensing.product",
                    ),
                ),
                ("usage_model", models.CharField(max_length=12)),
                ("seats", models.PositiveIntegerField(verbose_name="user limit")),
                (
                    "features",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list
                    ),
                ),
                ("months", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("grace_period", models.DurationField()),
                ("reclaim_after", models.DurationField(blank=True, null=True)),
                (
                    "withdrawn_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="When it was withdrawn: no longer offered.",
                        null=True,
                    ),
                ),
            ],
            options={
                "ordering": [Alphabetical("name")],
                "constraints": [
                    models.UniqueConstraint(CustomerName("name"), name="template_name_is_unique"),
                    models.CheckConstraint(
                        condition=~models.Q(name=""), name="template_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(usage_model__in=["concurrent", "single-user"]),
                        name="template_is_of_what_is_sold",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(seats__gt=0), name="template_has_seats"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(months=None) | models.Q(months__gt=0),
                        name="template_lasts_some_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(grace_period__gt=datetime.timedelta())
                        & (
                            models.Q(reclaim_after=None)
                            | models.Q(reclaim_after__gt=datetime.timedelta())
                        ),
                        name="template_has_an_offline_policy",
                    ),
                ],
            },
        ),
    ]
