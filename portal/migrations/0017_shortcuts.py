from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0016_saved_views")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="uses_shortcuts",
            field=models.BooleanField(
                default=True, help_text="Single keys do something on pages of the portal."
            ),
        ),
    ]
