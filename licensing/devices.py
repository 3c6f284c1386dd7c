"""Devices: a single-user licence binds each of its seats to one machine."""

from __future__ import annotations

from django.db import transaction

from licensing import errors, pools
from licensing.identity import Client, as_compared
from licensing.models import ClientSession, Device, Licence, ProductKey, Seat
from licensing.models.sessions import EndReason, ago
from licensing.statements import Grant


@transaction.atomic
def check_out(key: ProductKey, client: Client) -> tuple[Grant, bool]:
    """Give this machine its seat, bound on first use; return ``(grant, created)``.

    Raise DeviceLimit when every seat is bound to another machine, PoolExhausted
    when somebody else works on this machine just now.
    """
    licence = pools.lock(key.licence_id)
    seat = seat_of(licence, client)
    if grant := pools.keep_seat(key, client):
        return grant, False

    leave_to_next_user(seat)
    in_use = pools.in_use(licence)
    if in_use < licence.seats and (grant := pools.open_session_on(seat, key, client)):
        return grant, True
    raise errors.PoolExhausted(seats=licence.seats, in_use=in_use)


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
    left = ClientSession.objects.active().filter(seat=seat, refreshed_at__lte=ago(3)).first()
    if left:
        pools.give_back(left.pk, EndReason.REPLACED)
