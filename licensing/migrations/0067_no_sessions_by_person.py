"""Takes away the index of all users' names: those who are in and who were have their own."""

from django.db import migrations
from django_pg_migration_tools.operations import SaferRemoveIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # check-outs go on meanwhile

    dependencies = [
        ("licensing", "0066_no_sessions_by_machine"),
    ]

    operations = [
        SaferRemoveIndexConcurrently(model_name="clientsession", name="sessions_by_person"),
    ]
