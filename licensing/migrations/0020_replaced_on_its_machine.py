"""A session makes way for another one on its machine, not only for somebody else's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0019_device_id"),
    ]

    operations = [
        migrations.AlterField(
            model_name="clientsession",
            name="end_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("closed", "Closed"),
                    ("released", "Released"),
                    ("reclaimed", "Seat reclaimed"),
                    ("replaced", "Replaced by another session on its machine"),
                    ("moved", "Moved to another device"),
                    ("key_revoked", "Key revoked"),
                    ("blocked", "Blocked by an access rule"),
                    ("licence_ended", "Licence ended"),
                ],
                max_length=14,
            ),
        ),
    ]
