"""Why somebody was refused a licence, and what became of them, in a few words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing.denials import SOMEBODY

REFUSALS = {
    "pool_exhausted": gettext_lazy("All seats in use"),
    "device_limit": gettext_lazy("Bound to another device"),
    "access_blocked": gettext_lazy("Blocked by a rule"),
    "key_invalid": gettext_lazy("Wrong key"),
    "key_superseded": gettext_lazy("Old key"),
    "key_revoked": gettext_lazy("Revoked key"),
    "licence_suspended": gettext_lazy("Licence suspended"),
    "licence_closed": gettext_lazy("Licence closed"),
    "licence_not_started": gettext_lazy("Licence not started"),
    "licence_expired": gettext_lazy("Licence ended"),
    "version_not_supported": gettext_lazy("Version too old"),
    "product_mismatch": gettext_lazy("Another product"),
    "feature_not_licensed": gettext_lazy("Feature not included"),
}


def refusal(code: str) -> str:
    """Why somebody was refused, in a few words."""
    return str(REFUSALS.get(code, code.replace("_", " ").capitalize()))


def people_in_words(username: str) -> str:
    """Who was refused; those beyond the first of a key share a row."""
    return _("Several people") if username == SOMEBODY else username


def machines_in_words(machine_name: str) -> str:
    """Where they were refused."""
    return _("Several machines") if machine_name == SOMEBODY else machine_name


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
