"""Devices: a single-user licence binds each of its seats to one machine."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from functools import partial

from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.db.models.functions import Now

from licensing import audit, clock, errors, limits, pools, refusals, rules
from licensing.grants import Grant
from licensing.identity import Client, as_compared
from licensing.models import ClientSession, Device, Licence, ProductKey, Seat
from licensing.models.devices import Unbinding
from licensing.models.intervals import RefreshIntervals
from licensing.models.sessions import EndReason, ago

MOST_MOVES, MOVES_WITHIN = 3, dt.timedelta(days=30)
"""How often a seat may move before support has to help."""
SILENT_FOR = 3
"""After so many refresh intervals a device's session makes way for the machine's next user."""
MOVES = (Unbinding.MOVED, Unbinding.FREED)


@transaction.atomic
def check_out(key: ProductKey, client: Client) -> tuple[Grant, bool]:
    """Give this machine its seat, bound on first use; return ``(grant, created)``.

    Raise DeviceLimit when every seat is bound to another machine, PoolExhausted
    when somebody else works on this machine just now.
    """
    rules.require_allowed(key.licence, client)
    licence = pools.lock(key.licence_id)
    seat = seat_of(licence, client)
    if grant := pools.keep_seat(key, client):
        return grant, False

    leave_to_next_user(seat)
    grant = pools.making_room(licence, client, partial(open_on, seat, licence, key, client))
    if grant is None:
        raise refusals.pool_exhausted(
            licence, in_use=pools.in_use(licence), next_reclaim_at=silent_at(seat)
        )
    return grant, True


def open_on(seat: Seat, licence: Licence, key: ProductKey, client: Client) -> Grant | None:
    """A session on this device; None while it is in use, or others meet the limit."""
    if pools.in_use(licence) >= licence.seats:
        return None
    return pools.open_session_on(seat, key, client)


def seat_of(licence: Licence, client: Client) -> Seat:
    """The seat bound to the client's machine; a seat is bound to it now if none is.

    The licence is locked. Raise DeviceLimit when none is left.
    """
    seat = bound_seat(licence, client.machine_name)
    if seat is None:
        return bind(licence, client)
    used_by_other = seat.devices.bound().exclude(username=client.username)
    used_by_other.update(username=client.username)
    return seat


def bound_seat(licence: Licence, machine_name: str) -> Seat | None:
    """The seat that is bound to this machine now, if one is."""
    devices = licence.devices.bound().filter(machine=as_compared(machine_name))
    return licence.seat_rows.filter(devices__in=devices).first()


def bind(licence: Licence, client: Client) -> Seat:
    """Bind a seat of a locked licence to the client's machine; return the seat."""
    bound = licence.devices.bound()
    seat = licence.seat_rows.free().exclude(pk__in=bound.values("seat")).first()
    if seat is None or bound.count() >= licence.seats:
        raise errors.DeviceLimit(devices=sorted(bound.values_list("machine_name", flat=True)))
    Device.objects.create(
        account_id=licence.account_id,
        licence=licence,
        seat=seat,
        machine=as_compared(client.machine_name),
        machine_name=client.machine_name,
        username=client.username,
    )
    return seat


def leave_to_next_user(seat: Seat) -> None:
    """End the session that another user of this machine left behind, if one did.

    It is the same machine, so a session that no longer refreshes is a program
    that is gone. One that does refresh keeps the seat: a terminal server with a
    single-user licence serves one person at a time.
    """
    if ClientSession.objects.on(seat).filter(refreshed_at__lte=ago(SILENT_FOR)).exists():
        pools.give_back_seat(seat, EndReason.REPLACED)


def silent_at(seat: Seat) -> dt.datetime | None:
    """When the session on a device, if there is one, makes way for the machine's next user."""
    silent = F("refreshed_at") + RefreshIntervals(SILENT_FOR)
    at: dt.datetime | None = ClientSession.objects.on(seat).values_list(silent, flat=True).first()
    return at


@transaction.atomic
def take_over(licence: Licence, *, machine_name: str, username: str) -> Device:
    """Bind a seat to a machine that had one where the licence was before; return the device.

    Raise DeviceLimit when none is left.
    """
    client = Client(machine_name=machine_name, username=username, version="")
    seat = bind(pools.lock(licence.pk), client)
    return licence.devices.bound().get(seat=seat)


@transaction.atomic
def move(session_id: uuid.UUID) -> None:
    """Unbind the device that a session runs on, as the program's Move Licence does.

    The session ends and another device may take the seat. Nothing happens when it
    has moved already. Raise SessionUnknown, NotSingleUser, or MoveLimit after three
    moves a seat in 30 days.
    """
    related = ClientSession.every.select_related("licence__account")
    session = related.filter(pk=session_id).first()
    if session is None:
        raise errors.SessionUnknown
    with refusals.about(session.licence.account):
        move_away_from(session)


def move_away_from(session: ClientSession) -> None:
    """Unbind the device that a single-user session runs on, if it is bound."""
    if session.licence.is_concurrent:
        raise errors.NotSingleUser
    device = session.licence.devices.bound().filter(machine=session.machine).first()
    if device:
        user = audit.Actor("client", str(session.pk), str(session))
        require_moves_left(pools.lock(session.licence_id))
        unbind(device, Unbinding.MOVED, by=user)


@transaction.atomic
def free(device: Device, *, by: audit.Actor, reason: str = "", limited: bool = True) -> bool:
    """Unbind a device so that another can be used; False if it was unbound already.

    Raise MoveLimit after three moves a seat in 30 days, unless support does it
    (``limited=False``).
    """
    licence = pools.lock(device.licence_id)
    if limited:
        require_moves_left(licence)
    return unbind(device, Unbinding.FREED, by=by, reason=reason)


@transaction.atomic
def write_off(device: Device, *, by: audit.Actor, reason: str = "") -> bool:
    """Give up a lost or broken device; False if it was unbound already.

    Its lease cannot be called back: ``lease_until`` says how long the software may
    still run there. Blocking the machine keeps it from taking a seat again.
    """
    pools.lock(device.licence_id)
    return unbind(device, Unbinding.WRITTEN_OFF, by=by, reason=reason)


@transaction.atomic
def report_lost(device: Device, *, by: audit.Actor, reason: str = "") -> bool:
    """Write a device off for its account, and block it there; False if it was unbound already.

    Raise MoveLimit when as many devices were moved or written off in 30 days as may be
    moved: beyond that support writes devices off.
    """
    licence = pools.lock(device.licence_id)
    require_moves_left(licence, among=(*MOVES, Unbinding.WRITTEN_OFF))
    if not unbind(device, Unbinding.WRITTEN_OFF, by=by, reason=reason):
        return False
    block = rules.NewRule(machine_name=rules.named(device.machine_name))
    rules.add(licence.account, block, by=by, reason=reason)
    return True


def require_moves_left(licence: Licence, *, among: Collection[str] = MOVES) -> None:
    """Raise MoveLimit when a locked licence was moved too often of late."""
    if moves_left_of([licence], among)[licence.pk]:
        return
    latest = moves_of([licence], among).order_by("-unbound_at")
    counted_until = latest.values_list(F("unbound_at") + MOVES_WITHIN, flat=True)
    next_move_at = counted_until[MOST_MOVES * licence.seats - 1]
    raise errors.MoveLimit(next_move_at=licence.account.local(next_move_at))


def moves_left(licence: Licence) -> int:
    """How many of the three moves a seat in 30 days, which need no support, are left."""
    return moves_left_of([licence])[licence.pk]


def moves_left_of(licences: Collection[Licence], among: Collection[str] = MOVES) -> dict[int, int]:
    """How many such moves each of these licences has left, by its id."""
    counted = moves_of(licences, among).order_by().values_list("licence").annotate(Count("pk"))
    made = dict(counted)
    return {one.pk: max(MOST_MOVES * one.seats - made.get(one.pk, 0), 0) for one in licences}


def moves_of(licences: Collection[Licence], among: Collection[str]) -> QuerySet[Device]:
    """What was moved of these licences in the last 30 days."""
    return Device.objects.filter(
        licence__in=licences, unbinding__in=among, unbound_at__gt=Now() - MOVES_WITHIN
    )


def last_session(device: Device) -> ClientSession | None:
    """The session that was opened last on a device."""
    of_device = ClientSession.every.filter(licence=device.licence_id, machine=device.machine)
    return of_device.order_by("-started_at").first()


def unbind(device: Device, how: Unbinding, *, by: audit.Actor, reason: str = "") -> bool:
    """Unbind a device of a locked licence and end its session; False if it was unbound already."""
    device = Device.objects.select_related("licence", "seat").get(pk=device.pk)
    if device.seat is None:
        return False
    last = last_session(device)
    pools.give_back_seat(device.seat, EndReason.MOVED)

    device.seat, device.unbound_at, device.unbinding = None, clock.database_time(), how
    device.lease_until = last.grace_until if last else None
    device.save(update_fields=["seat", "unbound_at", "unbinding", "lease_until"])
    limits.fit(device.licence)
    audit.record(device, f"device_{how}", by=by, reason=reason, licence=device.licence.name)
    return True
