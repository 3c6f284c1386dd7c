"""What must be true of the whole database, checked from outside the code that keeps it true.

Most of this the schema itself forbids. It is looked for all the same: a schema can
be altered, and a restored backup can be anybody's.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from django.db import connection

from licensing import audit
from licensing.models import Account
from licensing.usage.statements import ABOVE_THE_LIMIT, OVERLAPPING

MOST_NAMED = 100
"""How many cases of one broken rule are named."""

# Each statement sees one moment, so a product at work does not disturb it. The
# columns of a row it finds complete the sentence.
RULES = {
    "Seat {} of licence {} is held by a session that ended at {}.": """
        SELECT seat.id, seat.licence_id, session.ended_at
        FROM licensing_seat seat JOIN licensing_clientsession session
            ON session.id = seat.session_id
        WHERE session.ended_at IS NOT NULL
    """,
    "Session {} of licence {} is active but holds no seat.": """
        SELECT session.id, session.licence_id FROM licensing_clientsession session
        WHERE session.ended_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM licensing_seat WHERE session_id = session.id)
    """,
    "Session {} holds seats {}.": """
        SELECT session_id, string_agg(id::text, ' and ' ORDER BY id) FROM licensing_seat
        WHERE session_id IS NOT NULL GROUP BY session_id HAVING count(*) > 1
    """,
    "Session {} of licence {} holds seat {} of licence {}.": """
        SELECT session.id, session.licence_id, seat.id, seat.licence_id
        FROM licensing_seat seat JOIN licensing_clientsession session
            ON session.id = seat.session_id
        WHERE session.licence_id <> seat.licence_id OR session.account_id <> seat.account_id
    """,
    "Session {} has ended but holds a seat of feature {}.": """
        SELECT session.id, feature_seat.licence_feature_id
        FROM licensing_featureseat feature_seat JOIN licensing_clientsession session
            ON session.id = feature_seat.session_id
        WHERE session.ended_at IS NOT NULL
    """,
    "Licence {} has {} active sessions of one identity, {}.": """
        SELECT licence_id, count(*), identity FROM licensing_clientsession
        WHERE ended_at IS NULL GROUP BY licence_id, identity HAVING count(*) > 1
    """,
    "Session {} is history and beside what goes on at once.": """
        SELECT id FROM licensing_clientsession JOIN licensing_endedsession USING (id)
    """,
    "Denial {} is history and among those of late at once.": """
        SELECT id FROM licensing_denial JOIN licensing_olddenial USING (id)
    """,
    "Seat {} of licence {} drains but is free.": """
        SELECT id, licence_id FROM licensing_seat WHERE draining AND session_id IS NULL
    """,
    "Licence {} has a limit of {} but only {} seats.": """
        SELECT licence.id, licence.seats, count(seat.id)
        FROM licensing_licence licence LEFT JOIN licensing_seat seat
            ON seat.licence_id = licence.id
        GROUP BY licence.id HAVING count(seat.id) < licence.seats
    """,
    # More seats than the limit are allowed while all of them are on their way out.
    "Pool {} has a limit of {}, and {} seats of which only {} are held and drain.": """
        SELECT licence.id, licence.seats, count(*), count(*) FILTER (WHERE seat.draining)
        FROM licensing_licence licence JOIN licensing_seat seat ON seat.licence_id = licence.id
        WHERE licence.usage_model = 'concurrent'
        GROUP BY licence.id HAVING count(*) > licence.seats AND NOT bool_and(seat.draining)
    """,
    "Pool {} is within its limit of {}, yet {} of its seats drain.": """
        SELECT licence.id, licence.seats, count(*) FILTER (WHERE seat.draining)
        FROM licensing_licence licence JOIN licensing_seat seat ON seat.licence_id = licence.id
        GROUP BY licence.id HAVING count(*) <= licence.seats AND bool_or(seat.draining)
    """,
    "Licence {} has a limit of {}, and {} seats of which only {} are held or bound.": """
        SELECT licence.id, licence.seats, count(*),
            count(*) FILTER (WHERE seat.session_id IS NOT NULL OR device.id IS NOT NULL)
        FROM licensing_licence licence JOIN licensing_seat seat ON seat.licence_id = licence.id
        LEFT JOIN licensing_device device
            ON device.seat_id = seat.id AND device.unbound_at IS NULL
        WHERE licence.usage_model <> 'concurrent'
        GROUP BY licence.id
        HAVING count(*) > licence.seats
            AND NOT bool_and(seat.session_id IS NOT NULL OR device.id IS NOT NULL)
    """,
    "Session {} of licence {} began to hold a seat at {}, when it held one.": OVERLAPPING,
    "{} seats of licence {} (feature {}) were held at {}, when the limit was {}.": ABOVE_THE_LIMIT,
}


def broken() -> list[str]:
    """A sentence for each case of an invariant that does not hold; empty when all do."""
    return [
        *itertools.chain.from_iterable(cases(sentence, sql) for sentence, sql in RULES.items()),
        *broken_chains(),
    ]


def cases(sentence: str, sql: str) -> Iterator[str]:
    """The sentence, completed for each row that the statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        for row in cursor.fetchmany(MOST_NAMED):
            yield sentence.format(*row)
        if more := len(cursor.fetchall()):
            yield f"And {more} more like that."


def broken_chains() -> Iterator[str]:
    """A sentence for each account whose audit record is not what was written."""
    for account in Account.objects.order_by("pk"):
        first = next(audit.broken_links(account), None)
        if first is not None:
            yield f"The audit record of {account.name} is broken at entry {first}."
