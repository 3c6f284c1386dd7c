"""Finds what ended of late on an account; no refresh touches it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0015_closed_after_release"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="clientsession",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False)),
                fields=["account", "ended_at"],
                name="ended_sessions",
            ),
        ),
    ]
