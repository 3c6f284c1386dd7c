"""When a seat was taken, where its session's start does not tell it; not indexed, as refreshes
stay HOT."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0023_holds"),
    ]

    operations = [
        migrations.AddField(
            model_name="clientsession",
            name="held_since",
            field=models.DateTimeField(
                blank=True,
                help_text="When it took the seat that it has or had last; empty: when it started.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="featureseat",
            name="held_since",
            field=models.DateTimeField(
                blank=True, help_text="When the session took it, if that is known.", null=True
            ),
        ),
    ]
