"""A person reads times in a zone of their own, if they want."""

from django.db import migrations, models

import licensing.models.accounts


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0009_invitation_message"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="time_zone",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Empty: the account's.",
                max_length=64,
                validators=[licensing.models.accounts.validate_time_zone],
            ),
            preserve_default=False,
        ),
    ]
