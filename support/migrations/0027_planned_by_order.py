from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """An order is known to change seats later."""

    dependencies = [
        ("licensing", "0050_planned_seats"),
        ("support", "0026_a_persons_data"),
    ]

    operations = [
        migrations.AddField(
            model_name="orderreference",
            name="planned",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="licensing.plannedseats",
            ),
        ),
    ]
