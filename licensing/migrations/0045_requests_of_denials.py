"""Denials know the request that was refused last, in the table of today and in history's."""

from django.db import migrations, models

# The view has the columns of both tables, in their order.
OF_HISTORY = """
    ALTER TABLE licensing_olddenial ADD COLUMN request_id varchar(64) DEFAULT '' NOT NULL;
    CREATE OR REPLACE VIEW licensing_everydenial AS
        TABLE licensing_denial UNION ALL TABLE licensing_olddenial;
"""
# A view loses no column while it stands.
BACK = """
    DROP VIEW licensing_everydenial;
    ALTER TABLE licensing_olddenial DROP COLUMN request_id;
    ALTER TABLE licensing_denial DROP COLUMN request_id;
    CREATE VIEW licensing_everydenial AS
        TABLE licensing_denial UNION ALL TABLE licensing_olddenial;
    ALTER TABLE licensing_denial ADD COLUMN request_id varchar(64) DEFAULT '' NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0044_audit_of_ticket"),
    ]

    operations = [
        migrations.AddField(
            model_name="denial",
            name="request_id",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Of the last of these refusals: its user reads it as a reference.",
                max_length=64,
            ),
        ),
        migrations.RunSQL(OF_HISTORY, BACK),
    ]
