"""What PostgreSQL does itself when a session ends, or takes a seat again."""

from __future__ import annotations

import pgtrigger

# A statement that waited for a check-out does not see the feature that this took for the session:
# it began before. What a trigger runs begins when the session has ended. A seat that was taken
# before it was noted when counts from the session's start.
GIVE_FEATURES_BACK = pgtrigger.Trigger(
    name="ended_session_gives_features_back",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("ended_at"),  # type: ignore[no-untyped-call]
    condition=pgtrigger.Condition(
        "OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND NEW.features <> '{}'"
    ),
    func="""
        WITH held AS (
            SELECT id, licence_feature_id, held_since FROM licensing_featureseat
            WHERE session_id = NEW.id FOR UPDATE
        ), freed AS (
            UPDATE licensing_featureseat seat SET session_id = NULL, held_since = NULL
            FROM held WHERE seat.id = held.id
        )
        INSERT INTO licensing_hold (licence_id, feature_id, session_id, held_since, held_until)
        SELECT NEW.licence_id, included.feature_id, NEW.id, since, GREATEST(since, NEW.ended_at)
        FROM held JOIN licensing_licencefeature included ON included.id = held.licence_feature_id,
            LATERAL (
                SELECT COALESCE(held.held_since, NEW.held_since, NEW.started_at) AS since
            ) begun;
        RETURN NULL;
    """,
)
# After the update, not before it: PostgreSQL would lock each session first, at each refresh too.
LEAVE_HOLD = pgtrigger.Trigger(
    name="session_with_a_seat_again_leaves_a_hold",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("ended_at"),  # type: ignore[no-untyped-call]
    condition=pgtrigger.Condition(
        "OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL"
        " AND NEW.held_since IS DISTINCT FROM OLD.held_since"
    ),
    func="""
        INSERT INTO licensing_hold (licence_id, session_id, held_since, held_until)
        VALUES (OLD.licence_id, OLD.id, COALESCE(OLD.held_since, OLD.started_at), OLD.ended_at);
        RETURN NULL;
    """,
)
