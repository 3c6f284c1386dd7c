"""What tells cloned machines apart that have one name; not indexed, so refreshes stay HOT."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0018_what_refused_people_are_told"),
    ]

    operations = [
        migrations.AddField(
            model_name="clientsession",
            name="device_id",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="What the software calls its installation, if it does.",
                max_length=255,
            ),
        ),
    ]
