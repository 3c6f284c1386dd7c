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
    grant = pools.open_session_on(seat, key, client)
    if grant is None:
        raise errors.PoolExhausted(seats=licence.seats, in_use=pools.in_use(licence))
    return grant, True


def seat_of(licence: Licence, client: Client) -> Seat:
    """The seat bound to the client's machine; a seat is bound to it now if none is.

    The licence is locked. Raise DeviceLimit when none is left.
    """
    bound = licence.devices.bound().select_related("seat")
    device = bound.filter(machine=as_compared(client.machine_name)).first()
    if device is None:
        return bind(licence, client).seat
    if device.username != client.username:
        device.username = client.username
        device.save(update_fields=["username"])
    return device.seat


def bind(licence: Licence, client: Client) -> Device:
    """Bind a seat of a locked licence to the client's machine."""
    bound = licence.devices.bound()
    seat = licence.seat_rows.free().exclude(pk__in=bound.values("seat")).first()
    if seat is None or bound.count() >= licence.seats:
        raise errors.DeviceLimit(devices=sorted(bound.values_list("machine_name", flat=True)))
    return Device.objects.create(
        account_id=licence.account_id,
        licence=licence,
        seat=seat,
        machine=as_compared(client.machine_name),
        machine_name=client.machine_name,
        username=client.username,
    )


def leave_to_next_user(seat: Seat) -> None:
    """End the session that another user of this machine left behind, if one did.

    It is the same machine, so a session that no longer refreshes is a program
    that is gone. One that does refresh keeps the seat: a terminal server with a
    single-user licence serves one person at a time.
    """
    left = ClientSession.objects.active().filter(seat=seat, refreshed_at__lte=ago(3)).first()
    if left:
        pools.give_back(left.pk, EndReason.REPLACED)


def seat_to_return_to(session: ClientSession) -> Seat | None:
    """The seat of the machine on which a reclaimed single-user session ran."""
    device = session.licence.devices.bound().filter(
        machine=as_compared(session.machine_name)
    ).select_related("seat").first()
    return device.seat if device else None
