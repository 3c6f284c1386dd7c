"""Finds the few sessions that lasted long: a range in the past need not read all that came after."""

import datetime as dt

from django.db import migrations, models
from django.db.models import F
from django.db.models.lookups import GreaterThan
from django_pg_migration_tools.operations import SaferAddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # what people do goes on while it is made

    dependencies = [
        ("licensing", "0038_pending_events_of_account"),
    ]

    operations = [
        SaferAddIndexConcurrently(
            model_name="clientsession",
            index=models.Index(
                condition=models.Q(
                    GreaterThan(F("ended_at") - F("started_at"), dt.timedelta(days=1))
                ),
                fields=["account", "ended_at"],
                name="long_sessions",
            ),
        ),
    ]
