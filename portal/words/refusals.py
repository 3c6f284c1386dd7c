"""Why somebody was refused a licence, and what became of them, in a few words."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing.denials import SOMEBODY
from licensing.names import on_one_line


class Reason(StrEnum):
    """Why somebody was refused, as programs are told."""

    POOL_EXHAUSTED = "pool_exhausted"
    DEVICE_LIMIT = "device_limit"
    ACCESS_BLOCKED = "access_blocked"
    KEY_INVALID = "key_invalid"
    KEY_SUPERSEDED = "key_superseded"
    KEY_REVOKED = "key_revoked"
    LICENCE_SUSPENDED = "licence_suspended"
    LICENCE_CLOSED = "licence_closed"
    LICENCE_NOT_STARTED = "licence_not_started"
    LICENCE_EXPIRED = "licence_expired"
    VERSION_NOT_SUPPORTED = "version_not_supported"
    PRODUCT_MISMATCH = "product_mismatch"
    FEATURE_NOT_LICENSED = "feature_not_licensed"


REFUSALS: dict[str, Promise] = {
    Reason.POOL_EXHAUSTED: gettext_lazy("All seats in use"),
    Reason.DEVICE_LIMIT: gettext_lazy("Bound to another device"),
    Reason.ACCESS_BLOCKED: gettext_lazy("Blocked by a rule"),
    Reason.KEY_INVALID: gettext_lazy("Wrong key"),
    Reason.KEY_SUPERSEDED: gettext_lazy("Old key"),
    Reason.KEY_REVOKED: gettext_lazy("Revoked key"),
    Reason.LICENCE_SUSPENDED: gettext_lazy("Licence suspended"),
    Reason.LICENCE_CLOSED: gettext_lazy("Licence closed"),
    Reason.LICENCE_NOT_STARTED: gettext_lazy("Licence not started"),
    Reason.LICENCE_EXPIRED: gettext_lazy("Licence ended"),
    Reason.VERSION_NOT_SUPPORTED: gettext_lazy("Version too old"),
    Reason.PRODUCT_MISMATCH: gettext_lazy("Another product"),
    Reason.FEATURE_NOT_LICENSED: gettext_lazy("Feature not included"),
}


def refusal(code: str) -> str:
    """Why somebody was refused, in a few words."""
    return str(REFUSALS.get(code, code.replace("_", " ").capitalize()))


def people_in_words(username: str) -> str:
    """Who was refused; those beyond the first of a key share a row."""
    return _("Several people") if username == SOMEBODY else on_one_line(username)


def machines_in_words(machine_name: str) -> str:
    """Where they were refused."""
    return _("Several machines") if machine_name == SOMEBODY else on_one_line(machine_name)


def outcome(denial: Any) -> str:
    """What became of somebody who was refused for want of a seat, of a denial ``with_end``.

    Nothing is known of the several people who share a row.
    """
    if denial.username == SOMEBODY:
        return ""
    if denial.seat_at:
        minutes = max(round((denial.seat_at - denial.first_at).total_seconds() / 60), 1)
        return _("Got a seat after %(n)s min") % {"n": minutes}
    if denial.had_lease:
        return _("Worked offline")
    if denial.is_fresh:
        return _("No seat yet")
    return _("Gave up")
