"""The SQL of the figures that operators' monitoring reads: one look each, at no row twice."""

from __future__ import annotations

from licensing.models import intervals

SIZES = """
    SELECT relname, reltuples FROM pg_class
    WHERE oid = ANY (ARRAY['active_sessions', 'licensing_clientsession', 'licensing_seat']::regclass[])
"""  # noqa: E501
"""How many rows there are about; less than nothing where nobody has counted yet."""

SESSIONS = f"""
    SELECT
        count(*) FILTER (WHERE refreshed_at > now() - 1.5 * lasts),
        count(*) FILTER (
            WHERE refreshed_at <= now() - 1.5 * lasts AND refreshed_at > now() - 3 * lasts
        ),
        count(*) FILTER (WHERE refreshed_at <= now() - 3 * lasts AND grace_until > now()),
        count(*) FILTER (WHERE refreshed_at <= now() - 3 * lasts AND grace_until <= now()),
        count(*) FILTER (WHERE reclaim_at <= now())
    FROM (
        SELECT session.refreshed_at, session.grace_until, session.reclaim_at, make_interval(
            secs => {intervals.seconds("licence.grace_period, licence.reclaim_after")}
        ) AS lasts
        FROM licensing_clientsession session {{sample}}
        JOIN licensing_licence licence ON licence.id = session.licence_id
        WHERE session.ended_at IS NULL
    ) open
"""
"""Active, quiet, offline and held sessions, and how many of all are stale."""

SEATS = """
    SELECT count(*) FILTER (WHERE session_id IS NOT NULL AND NOT draining),
           count(*) FILTER (WHERE draining),
           count(*) FILTER (WHERE session_id IS NULL)
    FROM licensing_seat {sample}
"""
"""Held, draining and free seats."""

CONNECTIONS = """
    SELECT count(*) FILTER (WHERE backend_type = 'client backend'),
           current_setting('max_connections')::int
    FROM pg_stat_activity
"""
STANDBYS = """
    SELECT coalesce(nullif(application_name, ''), 'standby'),
           max(extract(epoch FROM coalesce(replay_lag, '0')))::float,
           max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn))::float
    FROM pg_stat_replication WHERE replay_lsn IS NOT NULL AND NOT pg_is_in_recovery()
    GROUP BY 1 ORDER BY 1 LIMIT 20
"""
"""Each standby, how many seconds it is behind and how many bytes. A backup that is being taken
replays nothing, nor does what those see who may not read statistics (``pg_monitor``)."""

ARCHIVE = """
    SELECT extract(epoch FROM last_archived_time)::float,
           coalesce(last_failed_time > last_archived_time, last_failed_time IS NOT NULL)
    FROM pg_stat_archiver WHERE current_setting('archive_mode') <> 'off'
"""
"""When the write-ahead log was archived last, and whether that fails by now."""
