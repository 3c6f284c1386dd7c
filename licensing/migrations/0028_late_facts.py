"""What was told late and changed the past."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0027_limits_so_far"),
    ]

    operations = [
        migrations.CreateModel(
            name="LateFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
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
                "ordering": ["pk"],
            },
        ),
    ]
