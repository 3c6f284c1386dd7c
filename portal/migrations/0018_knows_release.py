from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0017_shortcuts")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="knows_release",
            field=models.BooleanField(
                default=False,
                help_text="Was told at their first release what releasing does not do.",
            ),
        ),
    ]
