"""The only code that gives a seat out or takes it back.

A seat is a row, so a pool cannot be oversold: there is nothing to give when no
row is free. Locks are taken in one order everywhere: licence, seat, session, and last the
account, by the audit record's entry.
The ordinary ways (``open_session``, ``give_back``) are one statement each and
lock no licence; only a pool that looks full, or that drains after its limit was
lowered, goes through the licence's row lock.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction

from licensing import history, limits, versions
from licensing.grants import Grant, fetch_grant
from licensing.hot import fetch_row, fetch_value
from licensing.identity import Asker, Client, Proof, names_of
from licensing.models import ClientSession, Licence, LicenceFeature, ProductKey, Seat
from licensing.models.sessions import EndReason
from licensing.pool_statements import (
    MAKE_WAY,
    MAKE_WAY_IN_FEATURE,
    PUT_BACK_ON_ANY_SEAT,
    PUT_BACK_ON_SEAT,
    RECLAIM,
    RECLAIM_FROM_LICENCE,
    REMEMBER_NO_STALE_BEFORE,
)
from licensing.statements import (
    GIVE_BACK,
    OPEN_SESSION,
    OPEN_SESSION_ON_LAST_SEAT,
    OPEN_SESSION_ON_SEAT,
    OPEN_SESSION_WITH_KEY,
    REFRESH_OF_CLIENT,
    RETURN_TO_ANY_SEAT,
    RETURN_TO_SEAT,
)

BATCH = 5000
"""How many stale sessions one statement reclaims, so that no lock is held for long."""


def open_session_with_key(proof: Proof, client: Client) -> Grant | None:
    """Take any free seat of the concurrent licence that the key opens, in one statement.

    None when anything at all stands against it, when the client names features, or when there
    was a session of its id long ago: ``open_session`` and those who call it tell what to do then.
    """
    if client.features or history.has(client.session_id):
        return None
    of_key = {
        "serial_number": proof.serial_number,
        "digest": f"\\x{proof.digest.hex()}",  # as PostgreSQL writes bytes: JSON has none
        "product": client.product,
        "version_numbers": [str(number) for number in versions.numbers(client.version)],
    }
    return fetch_grant(OPEN_SESSION_WITH_KEY, session_values(client) | of_key)


def open_session(key: ProductKey, client: Client) -> Grant | None:
    """Take any free seat of the key's licence and open a session on it.

    None when no seat is free, when this client already has an active session, or
    when the licence stopped being usable a moment ago.
    """
    return opened(OPEN_SESSION, key, client)


@transaction.atomic
def open_session_on_last_seat(key: ProductKey, client: Client) -> Grant | None:
    """As ``open_session``, waiting for seats on their way and making room if none comes.

    ``open_session`` passes by a seat that is locked just now, and its holder may
    be rolling back; so before a refusal the pool is looked at once more under the
    licence's lock.
    """
    take = partial(opened, OPEN_SESSION_ON_LAST_SEAT, key, client)
    return making_room(lock(key.licence_id), client, take)


def open_session_on(seat: Seat, key: ProductKey, client: Client) -> Grant | None:
    """As ``open_session``, on this seat (that of a single-user licence's device)."""
    return opened(OPEN_SESSION_ON_SEAT, key, client, seat=seat.pk)


def opened(statement: str, key: ProductKey, client: Client, **where: int) -> Grant | None:
    """Run one of the statements that open a session; the grant, or None."""
    of_key = {"key": key.pk, "licence": key.licence_id}
    return fetch_grant(statement, session_values(client) | of_key | where)


def keep_seat(key: ProductKey, client: Client) -> Grant | None:
    """Refresh the session by which this client holds a seat already, if it has one."""
    values = {
        "licence": key.licence_id,
        "identity": client.identity,
        "key": key.pk,
        "version": client.version,
    }
    return fetch_grant(REFRESH_OF_CLIENT, values)


def session_values(client: Client) -> dict[str, Any]:
    """What is written down about the client when its session is opened."""
    return {
        "session": client.session_id or uuid.uuid4(),
        "identity": client.identity,
        "machine_name": client.machine_name,
        "username": client.username,
        "os_session": client.os_session,
        "device_id": client.device_id,
        "machine": client.machine,
        "person": client.person,
        "version": client.version,
        "features": list(client.features),
    }


@transaction.atomic
def return_to_seat(session: ClientSession, seat: Seat | None = None) -> Grant | None:
    """Give a reclaimed session a seat again: a free one, or the given one.

    None when there is none, when the limit, lowered since, is met by others, or when the
    same client has a newer session.
    """
    licence = lock(session.licence_id)
    history.keep_at_hand(session.pk)
    return making_room(licence, session, partial(returned, licence, session, seat))


def returned(licence: Licence, session: ClientSession, seat: Seat | None) -> Grant | None:
    """The grant of a session that has a seat of a locked licence again, or None."""
    if in_use(licence) >= licence.seats:
        return None
    statement = RETURN_TO_SEAT if seat else RETURN_TO_ANY_SEAT
    values = {
        "session": session.pk,
        "licence": licence.pk,
        "seat": seat.pk if seat else None,
    }
    try:
        with transaction.atomic():
            return fetch_grant(statement, values)
    except IntegrityError:  # one_active_session_per_identity: opened anew a moment ago
        return None


@transaction.atomic
def put_back(session: ClientSession, seat: Seat | None, *, within: dt.timedelta) -> bool:
    """Give a session that was just released a free seat again, or the given one, as if it
    had kept it; False when there is none, or when anything has happened to it since.

    The licence is locked by the caller.
    """
    licence = session.licence
    if in_use(licence) >= licence.seats:
        return False
    statement = PUT_BACK_ON_SEAT if seat else PUT_BACK_ON_ANY_SEAT
    values = {
        "session": session.pk,
        "licence": licence.pk,
        "seat": seat.pk if seat else None,
        "within": within,
    }
    try:
        with transaction.atomic():
            return fetch_value(statement, values) is not None
    except IntegrityError:  # one_active_session_per_identity: opened anew a moment ago
        return False


def in_use(licence: Licence) -> int:
    """How many seats are held. Counts rows: not for the hot path."""
    return licence.seat_rows.held().count()


def lock(licence_id: int) -> Licence:
    """The licence, locked until the transaction ends; new sessions may still refer to it."""
    return Licence.objects.select_for_update(no_key=True).get(pk=licence_id)


def lock_whole(licence_ids: Iterable[int]) -> None:
    """Lock these licences and their seats, for an act that makes several entries in the record.

    The first entry locks the account; what the act would lock after it, somebody who
    waits for the account may hold. Two such acts take the licences in one order.
    """
    for licence_id in sorted(set(licence_ids)):
        lock(licence_id)
        seats = Seat.objects.filter(licence=licence_id).select_for_update().order_by("pk")
        list(seats.values_list("pk", flat=True))


def give_back(
    session_id: uuid.UUID, reason: EndReason, *, ended_at: dt.datetime | None = None
) -> bool:
    """End an active session and free its seat; False if it was not active.

    ``ended_at`` is when it really ended, now at the latest. A session that has been heard
    of since goes on: False.
    """
    return end(session_id, reason, ended_at=ended_at) is not None


def end(
    session_id: uuid.UUID, reason: EndReason, *, ended_at: dt.datetime | None = None
) -> int | None:
    """As ``give_back``; the id of the session's account, None if nothing was given back."""
    values = {"session": session_id, "reason": reason.value, "ended_at": ended_at}
    if ended := fetch_row(GIVE_BACK, values):
        return int(ended[1])
    return end_draining(session_id, values)


def give_back_seat(seat: Seat, reason: EndReason) -> bool:
    """``give_back`` of whatever session holds this seat; False if none does."""
    session = ClientSession.objects.on(seat).first()
    return session is not None and give_back(session.pk, reason)


@transaction.atomic
def end_draining(session_id: uuid.UUID, values: dict[str, Any]) -> int | None:
    """Give back a seat that drains: while the pool is over its limit, a seat goes away."""
    seat = Seat.objects.filter(session=session_id, draining=True).first()
    if seat is None:
        return None
    licence = lock(seat.licence_id)
    Seat.objects.filter(pk=seat.pk, session=session_id).update(draining=False)
    ended = fetch_row(GIVE_BACK, values)
    limits.fit(licence)
    return int(ended[1]) if ended else None


def making_room[T](
    licence: Licence,
    asker: Asker,
    take: Callable[[], T | None],
    *,
    feature: LicenceFeature | None = None,
) -> T | None:
    """What ``take`` gives of a locked licence: at once, or else when stale sessions have gone,
    or else when those have that make way for the asker."""
    if taken := take():
        return taken
    if reclaim_from(licence) and (taken := take()):
        return taken
    return take() if make_way(licence, asker, feature) else None


def make_way(licence: Licence, asker: Asker, feature: LicenceFeature | None = None) -> int:
    """End the silent sessions of the asker on the same machine under another identity, as in
    an OS session that is over; return how many.

    The licence is locked. With a feature, only those that hold a seat of it. While the pool
    drains their seats go to nobody.
    """
    statement = MAKE_WAY_IN_FEATURE if feature else MAKE_WAY
    values = {"licence": licence.pk, "batch": BATCH, "feature": feature and feature.pk}
    number, drained = fetch_row(statement, values | names_of(asker)) or (0, False)
    if drained:
        limits.fit(licence)
    return int(number)


def reclaim_from(licence: Licence) -> int:
    """Take back the seats of a locked licence's stale sessions; return how many.

    When nothing is stale any more the licence remembers until when that must stay
    so, and a full pool is refused without another look at its sessions.
    """
    values = {"licence": licence.pk, "batch": BATCH}
    reclaimed = fetch_value(RECLAIM_FROM_LICENCE, values) or 0
    for session in licence.sessions.stale().filter(seat__draining=True):
        reclaimed += give_back(session.pk, EndReason.RECLAIMED)
    fetch_value(REMEMBER_NO_STALE_BEFORE, {"licence": licence.pk})
    return reclaimed


def reclaim_batch(licences: Iterable[int]) -> int:
    """Take back up to ``BATCH`` stale seats of these licences; return how many.

    Rows that somebody works on are passed by. Pools that drain are left to
    ``reclaim_from``.
    """
    return fetch_value(RECLAIM, {"licences": list(licences), "batch": BATCH}) or 0
