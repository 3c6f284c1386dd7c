from django.db import migrations, models


class Migration(migrations.Migration):
    """What could not be written is tried again by itself."""

    dependencies = [("portal", "0040_visits")]

    operations = [
        migrations.AddField(
            model_name="alertnotice",
            name="failed_tries",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="How often its message could not be written."
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="trouble",
            field=models.CharField(
                blank=True,
                choices=[
                    ("unreachable", "The mail server could not be reached."),
                    ("deferred", "The mail server asked to try again later."),
                    (
                        "refused",
                        "The mail server refused it. Check the address for typing errors.",
                    ),
                    ("too_late", "Its code or link ended before it could be sent."),
                    ("unreadable", "Its text was lost on our side."),
                    ("not_written", "It could not be put together on our side."),
                ],
                max_length=15,
            ),
        ),
    ]
