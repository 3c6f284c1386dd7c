"""The index that has the parts of acts, too, is read no more."""

from django.db import migrations
from django_pg_migration_tools.operations import SaferRemoveIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # the record is written meanwhile

    dependencies = [("licensing", "0060_deeds_of_support")]

    operations = [SaferRemoveIndexConcurrently(model_name="auditentry", name="audit_of_support")]
