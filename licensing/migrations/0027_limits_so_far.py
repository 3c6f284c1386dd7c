"""The limits that the audit record tells of, and today's, which are known from now on."""

from django.db import migrations

# What a licence began with is what its first change was from, else what it has today.
DERIVE = """
    INSERT INTO licensing_limitchange (licence_id, seats, since, is_derived)
    SELECT licence.id, COALESCE(first.seats, licence.seats),
        LEAST(licence.created_at, first.at, issued.at), TRUE
    FROM licensing_licence licence
    LEFT JOIN LATERAL (
        SELECT (details->>'before')::int AS seats, at FROM licensing_auditentry
        WHERE account_id = licence.account_id AND object_kind = 'licence'
            AND object_id = licence.id::text AND action = 'seats_changed'
        ORDER BY number LIMIT 1
    ) first ON TRUE
    LEFT JOIN LATERAL (
        SELECT min(at) AS at FROM licensing_auditentry
        WHERE account_id = licence.account_id AND object_kind = 'licence'
            AND object_id = licence.id::text
    ) issued ON TRUE
"""
DERIVE_CHANGES = """
    INSERT INTO licensing_limitchange (licence_id, seats, since, is_derived)
    SELECT licence.id, (entry.details->>'after')::int, entry.at, TRUE
    FROM licensing_licence licence JOIN licensing_auditentry entry
        ON entry.account_id = licence.account_id AND entry.object_kind = 'licence'
        AND entry.object_id = licence.id::text AND entry.action = 'seats_changed'
    ORDER BY entry.account_id, entry.number
"""
DERIVE_OF_FEATURES = """
    INSERT INTO licensing_limitchange (licence_id, feature_id, seats, since, is_derived)
    SELECT included.licence_id, included.feature_id, included.seats, began.since, TRUE
    FROM licensing_licencefeature included
    JOIN LATERAL (
        SELECT min(since) AS since FROM licensing_limitchange
        WHERE licence_id = included.licence_id
    ) began ON TRUE
"""
FROM_NOW_ON = """
    INSERT INTO licensing_limitchange (licence_id, feature_id, seats, since)
    SELECT id, NULL, seats, statement_timestamp() FROM licensing_licence
    UNION ALL
    SELECT licence_id, feature_id, seats, statement_timestamp() FROM licensing_licencefeature
"""


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0026_limit_changes"),
    ]

    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop)
        for statement in (DERIVE, DERIVE_CHANGES, DERIVE_OF_FEATURES, FROM_NOW_ON)
    ]
