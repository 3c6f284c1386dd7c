"""Whoever finds their invitation ended asks for a new one, once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0010_time_zone"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="asked_again_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When the invited person asked for a new one.",
                null=True,
            ),
        ),
    ]
