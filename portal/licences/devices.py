"""A single-user licence's devices as its page lists them: bound ones, and those unbound of late."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from licensing.devices import MOVES_WITHIN
from licensing.models import ClientSession, Device, Licence
from licensing.models.sessions import ClientSessionQuerySet
from portal.words import statuses
from portal.words.aliases import Names
from portal.words.times import at_time


@dataclass(frozen=True)
class DeviceRow:
    """One device with what a list says about it.

    ``may_run_until``: it holds no seat, but its last lease has not run out.
    """

    device: Device
    status: str
    may_run_until: dt.datetime | None

    @property
    def is_bound(self) -> bool:
        return self.device.unbound_at is None


def devices_of(licence: Licence, names: Names) -> list[DeviceRow]:
    """The bound devices, then those unbound within 30 days or that may run, for the reader."""
    of_late = Q(unbound_at__gt=Now() - MOVES_WITHIN) | Q(lease_until__gt=Now())
    shown = licence.devices.filter(Q(unbound_at=None) | of_late).with_last_refresh()
    rows = rows_of(list(shown), ClientSession.objects.filter(licence=licence), names)
    return sorted(rows, key=lambda row: not row.is_bound)


def rows_of(shown: list[Device], sessions: ClientSessionQuerySet, names: Names) -> list[DeviceRow]:
    """The devices for the reader, each in the state of the session among these on its seat."""
    states_of = sessions.active().with_state().order_by().values_list("seat__pk", "state")  # type: ignore[misc] # annotated
    states = dict(states_of.filter(seat__in=[device.seat_id for device in shown]))
    return [row_of(device, states.get(device.seat_id)) for device in names.put_on(shown)]


def row_of(device: Device, session_state: str | None) -> DeviceRow:
    """A device with its state word."""
    if device.unbound_at is None:
        return DeviceRow(device, statuses.device_status(device, session_state), None)
    may_run = device.lease_until and device.lease_until > timezone.now()
    return DeviceRow(device, device.unbinding, device.lease_until if may_run else None)


def already_unbound(device: Device) -> str:
    """That a device lost its seat before, and when."""
    assert device.unbound_at is not None
    return _("%(machine)s was moved away already, %(time)s. Nothing was changed.") % {
        "machine": device.machine_name,
        "time": at_time(device.unbound_at),
    }
