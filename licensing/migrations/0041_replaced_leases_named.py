"""Leases that were replaced before they were called so: nobody could tell them from what has their name."""

from django.db import migrations

NAME = """
UPDATE licensing_licence lease
SET name = left(lease.name, 92) || ' (lease)'
FROM licensing_licence single
WHERE single.replaces_id = lease.id AND lease.name = single.name AND lease.usage_model = 'lease'
"""


class Migration(migrations.Migration):
    dependencies = [("licensing", "0040_long_sessions_of_history")]
    operations = [migrations.RunSQL(NAME, migrations.RunSQL.noop)]
