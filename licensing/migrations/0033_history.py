"""Tables for what ended long ago, a partition a month, and views of them with what did not.

They have no foreign keys: making or dropping a partition would lock licences and keys. They
have none of the indexes that only a check-out or refresh needs.
"""

from django.db import migrations

ENDED_SESSIONS = """
    CREATE TABLE licensing_endedsession (LIKE licensing_clientsession)
        PARTITION BY RANGE (ended_at);
    ALTER TABLE licensing_endedsession ADD PRIMARY KEY (id, ended_at);
    CREATE INDEX history_of_account ON licensing_endedsession (account_id, ended_at);
    CREATE INDEX history_of_licence ON licensing_endedsession (licence_id, started_at);
    CREATE INDEX history_of_key ON licensing_endedsession (key_id, started_at);
    CREATE INDEX history_of_reclaimed ON licensing_endedsession (licence_id, identity)
        WHERE end_reason = 'reclaimed';
    CREATE INDEX history_by_machine ON licensing_endedsession (machine text_pattern_ops);
    CREATE INDEX history_by_person ON licensing_endedsession (person text_pattern_ops);
    CREATE VIEW licensing_everysession AS
        TABLE licensing_clientsession UNION ALL TABLE licensing_endedsession;
"""
OLD_DENIALS = """
    CREATE TABLE licensing_olddenial (LIKE licensing_denial) PARTITION BY RANGE (last_at);
    ALTER TABLE licensing_olddenial ADD PRIMARY KEY (id, last_at);
    CREATE INDEX old_denials_of_account ON licensing_olddenial (account_id, last_at);
    CREATE INDEX old_denials_of_licence ON licensing_olddenial (licence_id, last_at);
    CREATE INDEX old_denials_of_identity ON licensing_olddenial (licence_id, identity);
    CREATE VIEW licensing_everydenial AS
        TABLE licensing_denial UNION ALL TABLE licensing_olddenial;
"""
# What had been moved goes back, so that nothing is lost.
BACK = """
    DROP VIEW licensing_everysession;
    INSERT INTO licensing_clientsession TABLE licensing_endedsession;
    DROP TABLE licensing_endedsession;
"""
DENIALS_BACK = """
    DROP VIEW licensing_everydenial;
    INSERT INTO licensing_denial OVERRIDING SYSTEM VALUE TABLE licensing_olddenial;
    DROP TABLE licensing_olddenial;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0032_reclaimed_sessions"),
    ]

    operations = [
        migrations.RunSQL(ENDED_SESSIONS, BACK),
        migrations.RunSQL(OLD_DENIALS, DENIALS_BACK),
    ]
