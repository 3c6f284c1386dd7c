"""Triggers keep the holds that are over."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0024_held_since"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="clientsession",
            name="ended_session_gives_features_back",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clientsession",
            trigger=pgtrigger.compiler.Trigger(
                name="ended_session_gives_features_back",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND NEW.features <> '{}')",
                    func="\n        WITH held AS (\n            SELECT id, licence_feature_id, held_since FROM licensing_featureseat\n            WHERE session_id = NEW.id FOR UPDATE\n        ), freed AS (\n            UPDATE licensing_featureseat seat SET session_id = NULL, held_since = NULL\n            FROM held WHERE seat.id = held.id\n        )\n        INSERT INTO licensing_hold (licence_id, feature_id, session_id, held_since, held_until)\n        SELECT NEW.licence_id, included.feature_id, NEW.id, since, GREATEST(since, NEW.ended_at)\n        FROM held JOIN licensing_licencefeature included ON included.id = held.licence_feature_id,\n            LATERAL (\n                SELECT COALESCE(held.held_since, NEW.held_since, NEW.started_at) AS since\n            ) begun;\n        RETURN NULL;\n    ",
                    hash="16256361d63f8e06fd1b7b2ddc036d6d2e806a22",
                    operation='UPDATE OF "ended_at"',
                    pgid="pgtrigger_ended_session_gives_features_back_5c224",
                    table="licensing_clientsession",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clientsession",
            trigger=pgtrigger.compiler.Trigger(
                name="session_with_a_seat_again_leaves_a_hold",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL AND NEW.held_since IS DISTINCT FROM OLD.held_since)",
                    func="\n        INSERT INTO licensing_hold (licence_id, session_id, held_since, held_until)\n        VALUES (OLD.licence_id, OLD.id, COALESCE(OLD.held_since, OLD.started_at), OLD.ended_at);\n        RETURN NULL;\n    ",
                    hash="ce54034a77774ff3ceb92cb27e51be68fa56c8e0",
                    operation='UPDATE OF "ended_at"',
                    pgid="pgtrigger_session_with_a_seat_again_leaves_a_hold_7eca0",
                    table="licensing_clientsession",
                    when="AFTER",
                ),
            ),
        ),
    ]
