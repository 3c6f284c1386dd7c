"""The holds of limited features by sessions that are over: as long as the sessions lasted.

That a session took a feature later than it started, nobody noted.
"""

from django.db import migrations

DERIVE = """
    INSERT INTO licensing_hold (licence_id, feature_id, session_id, held_since, held_until)
    SELECT session.licence_id, feature.id, session.id, session.started_at, session.ended_at
    FROM licensing_clientsession session
    JOIN licensing_feature feature ON feature.code = ANY(session.features)
    JOIN licensing_licencefeature included ON included.licence_id = session.licence_id
        AND included.feature_id = feature.id AND included.seats IS NOT NULL
    WHERE session.ended_at >= session.started_at AND session.features <> '{}'
        AND NOT EXISTS (
            SELECT 1 FROM licensing_hold hold
            WHERE hold.session_id = session.id AND hold.feature_id = feature.id
        )
"""


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0028_late_facts"),
    ]

    operations = [migrations.RunSQL(DERIVE, migrations.RunSQL.noop)]
