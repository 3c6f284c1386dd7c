"""Takes away the index of all machines' names: those who are in and who were have their own."""

from django.db import migrations
from django_pg_migration_tools.operations import SaferRemoveIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # check-outs go on meanwhile

    dependencies = [
        ("licensing", "0065_ended_sessions_by_person"),
    ]

    operations = [
        SaferRemoveIndexConcurrently(model_name="clientsession", name="sessions_by_machine"),
    ]
