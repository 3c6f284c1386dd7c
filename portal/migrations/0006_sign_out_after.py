"""After how many idle hours an account's people are signed out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0005_sign_ins")]

    operations = [
        migrations.AddField(
            model_name="accountpreferences",
            name="sign_out_after_hours",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Whoever does nothing for so long has to sign in again.",
                null=True,
            ),
        ),
    ]
