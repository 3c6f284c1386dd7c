from django.db import migrations, models


class Migration(migrations.Migration):
    """Whoever asks for it has two minutes to read what was done, and to undo it."""

    dependencies = [("portal", "0030_api_token_networks")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="has_more_time",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text=(
                    "What was done is told, and can be undone, for two minutes instead of ten "
                    "seconds."
                ),
            ),
        ),
    ]
