"""A licence's offline policy in words: how long people go on alone, and when a seat comes back."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing import licences
from licensing.models import Licence

SHORT = dt.timedelta(hours=1)
PRESETS = {
    licences.FRIENDLY: "Friendly",
    licences.STRICT: "Strict",
    licences.TRUSTING: "Trusting",
    licences.HOLD: "Hold",
}


def policy_name(licence: Licence) -> str:
    """The name of the preset that a pool follows, or "" for one of its own."""
    if not licence.is_concurrent:
        return ""
    policy = licences.OfflinePolicy(licence.grace_period, licence.reclaim_after)
    return PRESETS.get(policy, "")


def policy_in_words(licence: Licence) -> str:
    """What the policy means for the person at the PC and for the others."""
    grace, reclaim = licence.grace_period, licence.reclaim_after
    words = {"grace": span(grace), "reclaim": span(reclaim) if reclaim else ""}
    if not licence.is_concurrent:
        return _("People offline keep working %(grace)s. The seat belongs to its device.") % words
    if reclaim is None:
        return _("A seat stays with its PC until it returns or you release it.")
    if reclaim < grace:
        return _(
            "Seats come back in %(reclaim)s, people offline keep %(grace)s; "
            "for a while more people than seats may work."
        ) % words  # fmt: skip
    if reclaim > grace:
        return _(
            "People offline keep working %(grace)s; a lost PC holds its seat for %(reclaim)s."
        ) % words  # fmt: skip
    if grace <= SHORT:
        return _("A lost PC frees its seat in %(reclaim)s; nobody works offline longer.") % words
    return _(
        "People offline keep working %(grace)s; a lost PC holds its seat no longer than that."
    ) % words  # fmt: skip


def span(length: dt.timedelta) -> str:
    """A whole length of time as people say it: 15 min, 48 h, 30 days."""
    minutes = int(length.total_seconds()) // 60
    if minutes % 1440 == 0 and minutes > 2880:
        return ngettext("%(n)s day", "%(n)s days", minutes // 1440) % {"n": minutes // 1440}
    if minutes % 60 == 0 and minutes:
        return _("%(n)s h") % {"n": minutes // 60}
    return (
        _("%(n)s min") % {"n": minutes}
        if minutes
        else _("%(n)s s") % {"n": int(length.total_seconds())}
    )
