"""What the engine's database and answers say, in the model's words."""

from __future__ import annotations

import base64
import json
from collections import defaultdict

from django.db import connection

from tests.licensing.engine.facts import DESKTOPS

SPELLINGS = {
    sent: name
    for desktop in DESKTOPS
    for spelling in desktop.spellings
    for sent, name in zip(spelling, (desktop.machine, desktop.user), strict=True)
}

SESSIONS = """
    SELECT session.id, session.licence_id, key.serial_number, session.version,
        session.refreshed_at, session.grace_until, session.reclaim_at, session.ended_at,
        session.end_reason, session.held_since,
        (SELECT count(*) FROM licensing_seat seat WHERE seat.session_id = session.id), ARRAY(
            SELECT feature.code FROM licensing_featureseat feature_seat
            JOIN licensing_licencefeature included ON included.id = feature_seat.licence_feature_id
            JOIN licensing_feature feature ON feature.id = included.feature_id
            WHERE feature_seat.session_id = session.id ORDER BY feature.code
        )::text[]
    FROM licensing_everysession session
    JOIN licensing_productkey key ON key.id = session.key_id
"""
SEATS = """
    SELECT seat.licence_id, count(*), array_remove(array_agg(device.machine_name), NULL)::text[]
    FROM licensing_seat seat
    LEFT JOIN licensing_device device ON device.seat_id = seat.id AND device.unbound_at IS NULL
    GROUP BY seat.licence_id
"""
HOLDS = """
    SELECT hold.session_id, hold.licence_id, COALESCE(feature.code, ''), held_since, held_until
    FROM licensing_hold hold LEFT JOIN licensing_feature feature ON feature.id = hold.feature_id
"""
LIMITS = """
    SELECT limits.licence_id, COALESCE(feature.code, ''), limits.seats, limits.since
    FROM licensing_limitchange limits
    LEFT JOIN licensing_feature feature ON feature.id = limits.feature_id ORDER BY limits.id
"""
LATE_FACTS = "SELECT licence_id, since FROM licensing_latefact"
RECLAIMED = "SELECT id FROM licensing_everysession WHERE end_reason = 'reclaimed'"
HOLDERS = "SELECT id, session_id FROM licensing_seat WHERE session_id IS NOT NULL"
DENIALS = """
    SELECT licence_id, machine_name, username, identity, code, folded_from, count
    FROM licensing_everydenial
"""
AUDIT = """
    SELECT account.name, array_agg(entry.action ORDER BY entry.number)::text[]
    FROM licensing_auditentry entry JOIN licensing_account account ON account.id = entry.account_id
    GROUP BY account.name
"""


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def reclaimed():
    """The ids of the sessions whose seats were reclaimed."""
    return {session_id for (session_id,) in rows(RECLAIMED)}


def promise(grant, lease):
    """What a grant and its lease promise."""
    payload = lease.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert claims["sub"] == str(grant.session_id)
    assert claims["features"] == list(grant.features)
    assert claims["refresh_after"] == grant.refresh_after
    return {
        "session": grant.session_id,
        "serial_number": grant.serial_number,
        "usage_model": grant.usage_model,
        "ends_on": grant.ends_on,
        "features": list(grant.features),
        "server_time": grant.server_time,
        "grace_until": grant.grace_until,
        "refresh_after": grant.refresh_after,
        "lease_until": claims["exp"],
    }


def sessions(numbers):
    """Each session with all that was promised about it, by its id."""
    return {row[0]: (numbers[row[1]], *row[2:]) for row in rows(SESSIONS)}


def seats(numbers):
    """How many seats each licence has, and the devices that they are bound to."""
    return {
        numbers[licence]: (count, sorted(plain(name) for name in bound))
        for licence, count, bound in rows(SEATS)
    }


def denials(numbers):
    """Every refusal, folded into ten minutes. Who was refused is told by the names alone."""
    return sorted(
        (str(numbers.get(licence)), plain(machine), plain(user), *rest)
        for licence, machine, user, _, *rest in rows(DENIALS)
    )


def plain(name):
    """The first spelling of a name that a desktop may have sent in another."""
    return SPELLINGS.get(name, name)


def holds(numbers):
    """Holds that are over and that no session tells any more."""
    return sorted((session, numbers[licence], *rest) for session, licence, *rest in rows(HOLDS))


def limits(numbers):
    """How many seats each licence and each feature had from when on; no feature is its own."""
    found = defaultdict(list)
    for licence, feature, *change in rows(LIMITS):
        found[numbers[licence], feature].append(tuple(change))
    return found


def late_facts(numbers):
    """The hours that have to be counted again."""
    return sorted((numbers[licence], since) for licence, since in rows(LATE_FACTS))


def audit():
    """The acts that were recorded, by account."""
    return dict(rows(AUDIT))


def holders():
    """The seat that each session holds."""
    return {session: seat for seat, session in rows(HOLDERS)}
