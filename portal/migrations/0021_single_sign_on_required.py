"""Single sign-on can be tested, required, and let newcomers in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0020_person_preferences")]

    operations = [
        migrations.AddField(
            model_name="singlesignon",
            name="required_at",
            field=models.DateTimeField(
                blank=True, help_text="Since then people in verified domains need it.", null=True
            ),
        ),
        migrations.AddField(
            model_name="singlesignon",
            name="takes_newcomers",
            field=models.BooleanField(
                default=False,
                help_text="People in verified domains whom nobody invited join as viewers.",
            ),
        ),
        migrations.AddField(
            model_name="singlesignon",
            name="tested_at",
            field=models.DateTimeField(
                blank=True, help_text="When an owner came back from it, set up as it is.", null=True
            ),
        ),
    ]
