from django.db import migrations, models


class Migration(migrations.Migration):
    """A webhook may lead to where people talk."""

    dependencies = [("portal", "0035_calendar_feeds")]

    operations = [
        migrations.AddField(
            model_name="webhook",
            name="kind",
            field=models.CharField(
                choices=[
                    ("system", "A system of your own"),
                    ("teams", "Microsoft Teams"),
                    ("slack", "Slack or Mattermost"),
                ],
                db_default="system",
                default="system",
                max_length=10,
            ),
        ),
    ]
