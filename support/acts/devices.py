"""What staff do to devices of single-user licences."""

from __future__ import annotations

from licensing import devices
from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import Device
from support.acts.records import Kind, RecordAct
from support.acts.why import Usual, Why
from support.words import moment


def free(device: Device, *, by: Actor, reason: str) -> str:
    """Free the device, however often its licence moved; return what to tell."""
    if not devices.free(device, by=by, reason=reason, limited=False):
        raise InvalidOperation(f"{device} had been freed already.")
    return f"Freed {device}: another device can use {device.licence}."


def write_off(device: Device, *, by: Actor, reason: str) -> str:
    """Give the device up; return what to tell."""
    if not devices.write_off(device, by=by, reason=reason):
        raise InvalidOperation(f"{device} had been freed already.")
    device.refresh_from_db(fields=["lease_until"])
    return f"Wrote off {device}: another device can use {device.licence}. {still_runs(device)}"


def preview_unbinding(device: Device) -> list[str]:
    """Whether it is in use now, and how long it may still run."""
    last = devices.last_session(device)
    if last is None:
        return [f"No program was ever started on {device}."]
    device.lease_until = last.grace_until
    heard = moment(last.refreshed_at, device.account)
    holds = "It holds the seat now" if last.ended_at is None else "It holds no seat now"
    return [f"{holds}; last heard of {heard}, {last.username}.", still_runs(device)]


def still_runs(device: Device) -> str:
    """How long the software may still run there, though the seat is free."""
    if device.lease_until is None:
        return ""
    return f"{device} may still run until {moment(device.lease_until, device.account)}."


def why_not_unbind(device: Device) -> str:
    """A device that is not bound any more has nothing to give."""
    if device.unbound_at is None:
        return ""
    how = device.get_unbinding_display().lower() or "unbound"
    return f"{device} was {how} on {moment(device.unbound_at, device.account)} already."


KIND = Kind(
    acts=(
        RecordAct(
            name="free",
            label="Free",
            effects="The seat is free for another device at once. Support may do this more "
            "often than customers can.",
            run=free,
            preview=preview_unbinding,
            why_not=why_not_unbind,
            reasons=(
                Usual(Why.LEAVER, "They left the company."),
                Usual(Why.DEVICE, "They have another PC now."),
                Usual(Why.DEVICE, "The PC is being repaired."),
            ),
            in_rows=True,
            at_hand=True,
        ),
        RecordAct(
            name="write-off",
            label="Write off",
            effects="For a lost or broken device: the seat is free for another one at once. "
            "Block the machine to keep it from taking a seat again.",
            run=write_off,
            preview=preview_unbinding,
            why_not=why_not_unbind,
            reasons=(
                Usual(Why.DEVICE, "The PC was lost or stolen."),
                Usual(Why.DEVICE, "The PC is broken."),
            ),
        ),
    ),
)
