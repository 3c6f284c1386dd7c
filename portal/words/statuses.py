"""The state words of licences and devices (how they look: ``states``)."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from licensing.models import Device, Licence
from licensing.models.licences import LicenceState
from licensing.models.sessions import SessionState


class LicenceStatus(StrEnum):
    """What matters most about a licence, in the order in which lists have them."""

    ACTIVE = "active"
    OVER_LIMIT = "over_limit"
    ENDS_SOON = "ends_soon"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    SUSPENDED = "suspended"
    CLOSED = "closed"


def licence_status(licence: Licence, in_use: int) -> LicenceStatus:
    """What matters most about a licence now."""
    if licence.state != LicenceState.ACTIVE:
        return LicenceStatus(licence.state)
    if not licence.has_started:
        return LicenceStatus.NOT_STARTED
    if licence.has_ended:
        return LicenceStatus.ENDED
    if in_use > licence.seats:
        return LicenceStatus.OVER_LIMIT
    return LicenceStatus.ENDS_SOON if licence.ends_soon else LicenceStatus.ACTIVE


def status_date(licence: Licence, status: str) -> dt.date | None:
    """The date that belongs to the state word, if one does."""
    return licence.starts_on if status == LicenceStatus.NOT_STARTED else None


def device_status(device: Device | None, session_state: str | None) -> str:
    """Not used yet, In use, Offline, Held or Not in use, from the session on the device's seat."""
    if device is None:
        return "unused"
    if session_state is None:
        return "not_in_use"
    if session_state in (SessionState.OFFLINE, SessionState.HELD):
        return session_state
    return "in_use"
