"""An account closes at a moment, a day after that was asked for, unless it is cancelled."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("licensing", "0050_planned_seats")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="closes_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="It closes then, unless that is cancelled.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="closed_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="Nothing is done in it since.",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at", None),
                    models.Q(
                        ("closed_at__gte", models.F("closes_at")), ("closes_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="account_closes_before_it_is_closed",
            ),
        ),
    ]
