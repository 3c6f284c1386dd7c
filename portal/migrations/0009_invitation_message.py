"""Whoever invites may say a few words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0008_exports"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="message",
            field=models.TextField(blank=True, default="", max_length=1000),
            preserve_default=False,
        ),
    ]
