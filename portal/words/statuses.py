"""The state words of licences and devices (how they look: ``states``)."""

from __future__ import annotations

import datetime as dt

from licensing.models import Device, Licence
from licensing.models.licences import LicenceState
from licensing.models.sessions import SessionState

LICENCE_STATUSES = (
    "active",
    "over_limit",
    "ends_soon",
    "not_started",
    "ended",
    "suspended",
    "closed",
)


def licence_status(licence: Licence, in_use: int) -> str:
    """The one of ``LICENCE_STATUSES`` that matters most about a licence now."""
    if licence.state != LicenceState.ACTIVE:
        return licence.state
    if not licence.has_started:
        return "not_started"
    if licence.has_ended:
        return "ended"
    if in_use > licence.seats:
        return "over_limit"
    return "ends_soon" if licence.ends_soon else "active"


def status_date(licence: Licence, status: str) -> dt.date | None:
    """The date that belongs to the state word, if one does."""
    return licence.starts_on if status == "not_started" else None


def device_status(device: Device | None, session_state: str | None) -> str:
    """Not used yet, In use, Offline, Held or Not in use, from the session on the device's seat."""
    if device is None:
        return "unused"
    if session_state is None:
        return "not_in_use"
    if session_state in (SessionState.OFFLINE, SessionState.HELD):
        return session_state
    return "in_use"
