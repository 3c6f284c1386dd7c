"""What happens to a client session: check out, refresh, close, release, reclaim.

FAQ: a licence is consumed when the user opens the program, freed when it is
closed with a connection, and never taken from a program that is open.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.db.models.functions import Now

from licensing import (
    audit,
    closed_ids,
    denials,
    devices,
    entitlements,
    errors,
    full_pools,
    grants,
    history,
    keys,
    looks,
    pools,
    refusals,
    rules,
    seats,
    stale,
    statements,
    undoing,
)
from licensing.grants import Grant
from licensing.identity import Client
from licensing.looks import Look
from licensing.models import ClientSession, Licence, ProductKey
from licensing.models.sessions import EndReason, is_over, today_there

ABOUT_ITS_ID = (errors.RequestInvalid, errors.SessionReleased, errors.SessionEnded)
"""How a check-out fails for its own session id alone: the program makes another and asks again,
so nobody was refused a seat."""


def check_out_with_key(serial_number: str, product_key: str, client: Client) -> tuple[Grant, bool]:
    """As ``check_out``, for a serial number and product key as they were typed.

    Raise KeyInvalid when they do not belong together or do not exist. That refusal
    is recorded too, with the licence if the serial number is one of ours.
    """
    try:
        proof = keys.proof(serial_number, product_key)
        full_pools.require_not_full(proof, client)
        if grant := pools.open_session_with_key(proof, client):
            return grant, True
        found, look = looks.find_and_look(proof, client)
        key = keys.proven(proof, found)
    except errors.KeyInvalid as refusal:
        denials.record(keys.find(serial_number), client, refusal)
        raise
    return check_out(key, client, look)


def check_out(key: ProductKey, client: Client, look: Look | None = None) -> tuple[Grant, bool]:
    """Give this user on this machine a seat; return ``(grant, created)``.

    A client that asks again keeps the seat it has. Raise PoolExhausted when every
    seat is held by a session that is not stale, DeviceLimit when a single-user
    licence is bound to other machines, and what ``require_usable`` and, where the client
    made the session's id, ``require_new_id`` raise. Every refusal of a seat is recorded.
    ``look`` is how the pool looked a moment ago, if known.
    """
    if client.session_id and history.bring_back(client.session_id):
        look = None  # it knew nothing of that session
    try:
        with refusals.about(key.licence.account):
            entitlements.require_usable(key, client)
            if client.features and key.licence.licence_features.limited().exists():
                return seats.take_with_features(key, client)
            return seats.take(key, client, look)
    except ABOUT_ITS_ID:
        raise
    except errors.LicensingError as refusal:
        denials.record(key, client, refusal)
        if isinstance(refusal, errors.PoolExhausted):
            full_pools.remember(key)
        raise


def refresh(session_id: uuid.UUID, *, version: str | None = None) -> Grant:
    """Renew a session's grace period and lease.

    A session whose seat was reclaimed takes one again if one is free. Raise
    PoolExhausted if none is; SessionReleased, SessionEnded or SessionUnknown;
    AccessBlocked; and what ``Licence.require_usable`` raises.
    """
    values = {"session": session_id, "version": version}
    if grant := grants.fetch_grant(statements.REFRESH, values):
        return grant
    session = find(session_id)
    with refusals.about(session.licence.account):
        return refresh_closely(session)


def refresh_closely(session: ClientSession) -> Grant:
    """Give a session its seat again if one is free; else raise why it is not refreshed."""
    if session.end_reason in (EndReason.RELEASED, EndReason.CLOSED):
        raise outcome(session)

    end_if_not_entitled(session)
    if session.end_reason == EndReason.RECLAIMED and (grant := seats.return_to(session)):
        return grant
    raise outcome(session)


def find(session_id: uuid.UUID) -> ClientSession:
    """The session with this id and its licence, from history if need be; raise SessionUnknown."""
    related = ClientSession.objects.select_related("licence__account", "key")
    named = related.annotate(today=today_there()).filter(pk=session_id)
    session = named.first()
    if session is None:
        with transaction.atomic():  # or it might be history again before it is read
            session = named.first() if history.bring_back(session_id) else None
    if session is None:
        raise errors.SessionUnknown
    session.licence.today = session.today  # type: ignore[attr-defined]
    return session


def end_if_not_entitled(session: ClientSession) -> None:
    """Raise why the licence is not usable, or not by this user, if so.

    Then its seat comes back; only a suspension, which may be lifted, leaves the
    session as it is.
    """
    try:
        session.licence.require_usable()
        rules.require_allowed(session.licence, session)
    except (errors.LicenceClosed, errors.LicenceExpired):
        pools.give_back(session.pk, EndReason.LICENCE_ENDED)
        raise
    except errors.AccessBlocked:
        pools.give_back(session.pk, EndReason.BLOCKED)
        raise


def outcome(session: ClientSession) -> errors.LicensingError:
    """What the client is told about a session that it cannot refresh."""
    if session.end_reason == EndReason.RECLAIMED and not has_newer(session):
        return seats.none_left(session.licence)
    return refusals.ended(session)


def has_newer(session: ClientSession) -> bool:
    """Whether the same client has a newer session that holds a seat."""
    same = session.licence.sessions.active().filter(identity=session.identity)
    return same.exclude(pk=session.pk).exists()


def close(session_id: uuid.UUID, *, ended_at: dt.datetime | None = None) -> int | None:
    """Give the seat back, and return its account's id; nothing happens when it has ended already.

    ``ended_at`` tells when it was closed, if that happened offline. If the session has been
    heard of since, its program was opened again, and nothing happens. A session whose seat
    was reclaimed counts as closed from then on and never takes a seat again. Raise
    SessionUnknown.
    """
    for _ in range(2):  # a refresh may give a reclaimed session its seat in between
        if account_id := pools.end(session_id, EndReason.CLOSED, ended_at=ended_at):
            return account_id
        if close_reclaimed(session_id, ended_at) or close_released(session_id, ended_at):
            return None
    if not is_live(session_id) and not close_of_long_ago(session_id, ended_at):
        raise errors.SessionUnknown
    return None


def close_of(
    licence: Licence, session_id: uuid.UUID, *, ended_at: dt.datetime | None = None
) -> None:
    """As ``close``, for a program that has its licence's key but never heard its token.

    Where this licence has no such session its check-out may still be on its way, held back by
    a proxy: the id is barred, and opens none. A session that has not been heard of since its own
    check-out ends whatever time the program tells, for that cannot be an earlier run's. Raise
    what ``closed_ids.bar`` raises.
    """
    named = licence.sessions.filter(pk=session_id)
    session = named.first() or ClientSession.every.filter(licence=licence, pk=session_id).first()
    if session is None:
        closed_ids.bar(licence, session_id)
        session = named.first()  # it may have been opened just now
    if session is None:
        return
    if ended_at and session.refreshed_at == session.started_at:
        ended_at = max(ended_at, session.started_at)
    close(session_id, ended_at=ended_at)


def is_live(session_id: uuid.UUID) -> bool:
    """Whether there is such a session, and not as history."""
    return ClientSession.objects.filter(pk=session_id).exists()


@transaction.atomic
def close_of_long_ago(session_id: uuid.UUID, ended_at: dt.datetime | None) -> bool:
    """Note that a session of history was closed; False if there is none."""
    if not history.bring_back(session_id):
        return False
    return close_reclaimed(session_id, ended_at) or close_released(session_id, ended_at) or True


def close_reclaimed(session_id: uuid.UUID, ended_at: dt.datetime | None) -> bool:
    """Note that a session without a seat was closed."""
    session = ClientSession.objects.filter(pk=session_id).not_heard_of_since(ended_at)
    reclaimed = session.filter(end_reason=EndReason.RECLAIMED)
    return bool(reclaimed.update(end_reason=EndReason.CLOSED))


def close_released(session_id: uuid.UUID, ended_at: dt.datetime | None) -> bool:
    """Note that a released session was closed too, so that nobody puts it back."""
    session = ClientSession.objects.filter(pk=session_id).not_heard_of_since(ended_at)
    released = session.filter(end_reason=EndReason.RELEASED)
    return bool(released.update(closed_at=Now()))


@transaction.atomic
def release(session: ClientSession, *, by: audit.Actor, reason: str = "") -> bool:
    """Free the seat that somebody holds, at once; False if it had come back already.

    The program stays open. It learns at its next refresh (``session_released``)
    and may check out again: releasing bars nobody.
    """
    if not pools.give_back(session.pk, EndReason.RELEASED):
        return False
    audit.record(session, "session_released", by=by, reason=reason, licence=session.licence.name)
    return True


@transaction.atomic
def undo_release(session: ClientSession, *, by: audit.Actor) -> None:
    """Put a session back on a seat, as if it had not been released; for ``undoing.UNDO_FOR`` only.

    No seat is kept for that. Raise SeatTaken when none is free, HasSeatAgain when its
    client has opened a new session, TooLateToUndo when that time is over or the program
    has been closed; and what ``Licence.require_usable`` and access rules raise.
    """
    licence = pools.lock(session.licence_id)
    licence.require_usable()
    rules.require_allowed(licence, session)
    undoing.require_no_newer(session)
    session.refresh_from_db()
    undoing.require_just_released(session)

    seat = None if licence.is_concurrent else devices.bound_seat(licence, session.machine_name)
    if not (licence.is_concurrent or seat):
        raise errors.SeatTaken
    undoing.put_back(session, seat)
    audit.record(session, "release_undone", by=by, licence=licence.name)


def reclaim_stale() -> int:
    """Take back every stale session's seat, in batches; return how many.

    Only tidies up: a check-out reclaims what it needs by itself.
    """
    return sum(map(stale.reclaim, stale.licences_a_few_at_a_time()))


def end_sessions_of_ended_licences() -> int:
    """End what is still open on licences whose term is over; return how many.

    Only tidies up: such a session gets no refresh anyway. The program stays open.
    """
    overdue = ClientSession.objects.active().filter(is_over()).values_list("pk", flat=True)
    return sum(pools.give_back(pk, EndReason.LICENCE_ENDED) for pk in overdue.iterator())
