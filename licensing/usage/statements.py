"""The SQL that reads who held seats: from sessions, and from the holds kept beside them."""

from __future__ import annotations

WHO = """
    session.person, session.machine, session.licence_id, session.id, session.username,
    session.machine_name, session.key_id, session.version
"""
OF_HELD = """
    since, until, person, machine, licence_id, id, username, machine_name, key_id, version
"""
SESSION_HOLDS_SINCE = "COALESCE(session.held_since, session.started_at)"
FEATURE_HELD_SINCE = f"COALESCE(seat.held_since, {SESSION_HOLDS_SINCE})"
HELD_AND_LASTS = f"""
    SELECT {SESSION_HOLDS_SINCE} AS since, NULL::timestamptz AS until, {WHO}
    FROM licensing_clientsession session
    WHERE session.licence_id = ANY(%(licences)s) AND session.ended_at IS NULL
"""
# What began more than a day before the range can only have reached into it if it was long, and
# the few long ones have an index of their own. The others are found by their licence and start:
# by the account's index they would be read with those of every other licence.
ENDED_IN_RANGE = f"""
    SELECT {SESSION_HOLDS_SINCE}, session.ended_at, {WHO} FROM licensing_everysession session
    WHERE session.licence_id = ANY(%(licences)s) AND session.ended_at > %(since)s
        AND session.started_at < %(until)s
"""
HELD_AT_LAST = f"""
    {ENDED_IN_RANGE} AND session.started_at > %(since)s::timestamptz - interval '1 day'
        AND session.ended_at - session.started_at <= interval '1 day'
    UNION ALL
    {ENDED_IN_RANGE} AND session.account_id = ANY(%(accounts)s)
        AND session.ended_at - session.started_at > interval '1 day'
"""
HELD_BEFORE = f"""
    SELECT hold.held_since, hold.held_until, {WHO}
    FROM licensing_hold hold JOIN licensing_everysession session ON session.id = hold.session_id
    WHERE hold.licence_id = ANY(%(licences)s) AND hold.held_until > %(since)s
"""
FEATURE_HELD_AND_LASTS = f"""
    SELECT {FEATURE_HELD_SINCE} AS since, NULL::timestamptz AS until, {WHO}
    FROM licensing_featureseat seat
    JOIN licensing_clientsession session ON session.id = seat.session_id
    WHERE seat.licence_feature_id = %(included)s AND session.ended_at IS NULL
"""


def in_range(holds: str) -> str:
    """The holds that overlap the range. Empty ones are none."""
    return f"""
        SELECT * FROM ({holds}) hold
        WHERE since < %(until)s AND (until IS NULL OR until > since)
    """


def in_order(holds: str) -> str:
    """The same, of each licence in the order in which they began."""
    return f"SELECT {OF_HELD} FROM ({in_range(holds)}) held ORDER BY licence_id, since, id"


OF_LICENCES = f"""
    {HELD_AND_LASTS} UNION ALL {HELD_AT_LAST}
    UNION ALL {HELD_BEFORE} AND hold.feature_id IS NULL
"""
HOLDS_OF_LICENCES = in_order(OF_LICENCES)
HOLDS_OF_FEATURE = in_order(f"""
    {FEATURE_HELD_AND_LASTS} UNION ALL {HELD_BEFORE} AND hold.feature_id = %(feature)s
""")

WITHIN_RANGE = f"""
    SELECT licence_id, person, username, GREATEST(since, %(since)s) AS since,
        LEAST(COALESCE(until, statement_timestamp()), %(until)s) AS until
    FROM ({in_range(OF_LICENCES)}) hold
"""
# Only of those who held seats for long enough is it looked at when: mostly of nobody, so that
# to read the holds once more costs less than to keep them all.
HELD_AT_WORK = f"""
    WITH hold AS NOT MATERIALIZED (
        SELECT * FROM ({WITHIN_RANGE}) hold WHERE since < until
    ), long AS (
        SELECT licence_id, person FROM hold
        GROUP BY licence_id, person HAVING sum(until - since) >= %(least)s
    ), held AS (
        SELECT licence_id, max(username) AS username, range_agg(tstzrange(since, until)) AS times
        FROM hold JOIN long USING (licence_id, person) GROUP BY licence_id, person
    ), working AS (
        SELECT range_agg(tstzrange(start, until)) AS times
        FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS span(start, until)
    )
    SELECT licence_id, username, (
        SELECT COALESCE(sum(upper(span) - lower(span)), '0')
        FROM unnest(held.times * working.times) AS span
    ) AS time
    FROM held, working ORDER BY time DESC, licence_id, username
"""
DAYS_USED = f"""
    SELECT licence_id, count(DISTINCT day) FROM ({WITHIN_RANGE}) hold, generate_series(
        (since AT TIME ZONE %(zone)s)::date,
        ((until - interval '1 microsecond') AT TIME ZONE %(zone)s)::date, interval '1 day'
    ) day
    WHERE since < until GROUP BY licence_id
"""
# Of each feature: while it was limited its own holds, else those of the sessions that asked for it;
# without a feature those of sessions that asked for none. One that was taken away is limited to 0.
TIMES_OF_FEATURES = """
    SELECT change.licence_id, feature.code, change.seats,
        CASE WHEN lag(change.id) OVER changes IS NULL THEN '-infinity' ELSE change.since END
            AS since,
        lead(change.since) OVER changes AS until
    FROM licensing_limitchange change JOIN licensing_feature feature
        ON feature.id = change.feature_id
    WHERE change.licence_id = ANY(%(licences)s)
    WINDOW changes AS (
        PARTITION BY change.licence_id, change.feature_id ORDER BY change.since, change.id
    )
"""
FEATURES_HELD = f"""
    WITH times AS MATERIALIZED ({TIMES_OF_FEATURES})
    SELECT GREATEST(hold.since, times.since) AS since, LEAST(hold.until, times.until) AS until,
        hold.person, hold.machine, hold.licence_id, hold.id, hold.username, hold.machine_name,
        hold.key_id, hold.version, asked.code AS feature
    FROM ({OF_LICENCES}) hold JOIN licensing_everysession session ON session.id = hold.id
    LEFT JOIN LATERAL unnest(session.features) asked(code) ON true
    LEFT JOIN times ON times.licence_id = hold.licence_id AND times.code = asked.code
    WHERE times.seats IS NULL
        AND (times.until IS NULL OR GREATEST(hold.since, times.since) < times.until)
    UNION ALL
    SELECT {FEATURE_HELD_SINCE}, NULL, {WHO}, feature.code
    FROM licensing_licencefeature included
    JOIN licensing_feature feature ON feature.id = included.feature_id
    JOIN licensing_featureseat seat ON seat.licence_feature_id = included.id
    JOIN licensing_clientsession session ON session.id = seat.session_id
    WHERE included.licence_id = ANY(%(licences)s) AND session.ended_at IS NULL
    UNION ALL
    SELECT hold.held_since, hold.held_until, {WHO}, feature.code
    FROM licensing_hold hold JOIN licensing_feature feature ON feature.id = hold.feature_id
    JOIN licensing_everysession session ON session.id = hold.session_id
    WHERE hold.licence_id = ANY(%(licences)s) AND hold.held_until > %(since)s
"""


def swept(holds: str) -> str:
    """Of such holds what a sweep reads, in their order; one that lasts counts until now."""
    return f"""
        SELECT since, COALESCE(until, GREATEST(since, %(now)s)), person, machine
        FROM ({holds}) hold
    """


# Of everybody, for what must be true of all of them. A licence's own are those of feature 0.
EVERY_HOLD = f"""
    SELECT session.licence_id, 0::bigint AS feature_id, session.id AS session_id,
        {SESSION_HOLDS_SINCE} AS since, session.ended_at AS until
    FROM licensing_everysession session
    UNION ALL
    SELECT licence_id, COALESCE(feature_id, 0), session_id, held_since, held_until
    FROM licensing_hold
    UNION ALL
    SELECT included.licence_id, included.feature_id, session.id, {FEATURE_HELD_SINCE}, NULL
    FROM licensing_featureseat seat
    JOIN licensing_licencefeature included ON included.id = seat.licence_feature_id
    JOIN licensing_clientsession session ON session.id = seat.session_id
    WHERE session.ended_at IS NULL
"""
OVERLAPPING = f"""
    SELECT session_id, licence_id, next_since FROM (
        SELECT *, lead(since) OVER (
            PARTITION BY session_id, feature_id ORDER BY since, until
        ) AS next_since FROM ({EVERY_HOLD}) hold
    ) hold
    WHERE next_since < COALESCE(until, 'infinity')
"""
# A statement has the time at which it arrived, and sees what others did until a moment later. So
# what ends within a second does not count, and a limit counts a second earlier and later. What was
# held before limits were kept is not known to the moment. While a pool drains nothing begins.
ABOVE_THE_LIMIT = f"""
    WITH hold AS (
        {EVERY_HOLD}
    ), limits AS (
        SELECT licence_id, COALESCE(feature_id, 0) AS feature_id, seats, since, is_derived,
            lead(since) OVER (PARTITION BY licence_id, feature_id ORDER BY since, id) AS until
        FROM licensing_limitchange
    ), change AS (
        SELECT licence_id, feature_id, since AS at, 1 AS number FROM hold
        WHERE since IS DISTINCT FROM until
        UNION ALL
        SELECT licence_id, feature_id, GREATEST(since, until - interval '1 s'), -1 FROM hold
        WHERE since < until
    ), counted AS (
        SELECT licence_id, feature_id, at, number, sum(number) OVER (
            PARTITION BY licence_id, feature_id ORDER BY at, number
        ) AS held
        FROM change
    )
    SELECT held, licence_id, feature_id, at, most.seats FROM counted, LATERAL (
        SELECT max(COALESCE(seats, held)) AS seats FROM limits
        WHERE limits.licence_id = counted.licence_id AND limits.feature_id = counted.feature_id
            AND NOT is_derived AND since <= at + interval '1 s'
            AND COALESCE(until, at) >= at - interval '1 s'
    ) most
    WHERE number = 1 AND held > most.seats
"""
