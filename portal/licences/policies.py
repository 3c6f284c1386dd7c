"""A licence's offline policy in words: how long people go on alone, and when a seat comes back."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing import licences
from licensing.licences import OfflinePolicy
from licensing.models import Licence
from licensing.policies import meaning_of_short, span

SHORT = dt.timedelta(hours=1)
PRESETS = {
    licences.FRIENDLY: gettext_lazy("Friendly"),
    licences.STRICT: gettext_lazy("Strict"),
    licences.TRUSTING: gettext_lazy("Trusting"),
    licences.HOLD: gettext_lazy("Hold"),
}
SINGLE_USER_PRESETS = {
    licences.FRIENDLY_SINGLE_USER: gettext_lazy("Friendly"),
    licences.STRICT: gettext_lazy("Strict"),
}
"""A device keeps its seat whatever happens, so there is nothing to trust or hold."""


def presets_of(licence: Licence) -> dict[OfflinePolicy, str]:
    """The policies that a licence of this kind may have, with their names."""
    return presets_for(licence.is_concurrent)


def presets_for(is_pool: bool) -> dict[OfflinePolicy, str]:
    """The policies that pools, or single-user licences, may have, with their names."""
    presets = PRESETS if is_pool else SINGLE_USER_PRESETS
    return {policy: str(name) for policy, name in presets.items()}


def policy_of(licence: Licence) -> OfflinePolicy:
    """The policy that a licence has."""
    return OfflinePolicy(licence.grace_period, licence.reclaim_after)


def policy_name(licence: Licence) -> str:
    """The name of the preset that a licence follows, or "" for one of its own."""
    return presets_of(licence).get(policy_of(licence), "")


def policy_in_words(licence: Licence) -> str:
    """What the licence's policy means for the person at the PC and for the others."""
    return in_words(policy_of(licence), is_concurrent=licence.is_concurrent)


def in_words(policy: OfflinePolicy, *, is_concurrent: bool) -> str:
    """What a policy means for the person at the PC and for the others, and what a short one asks
    of both."""
    sentences = (
        while_offline(policy, is_concurrent=is_concurrent),
        meaning_of_short(policy, is_concurrent=is_concurrent),
        after_closing(policy),
    )
    return " ".join(filter(None, sentences))


def after_closing(policy: OfflinePolicy) -> str:
    """What a program that gave its seat back properly keeps: its lease, unless it is short."""
    if policy.grace_period <= SHORT:
        return _("A program that was closed properly doesn't open offline.")
    return _(
        "A program that was closed properly can still be opened offline for up to %(grace)s; "
        "Strict ends that."
    ) % {"grace": span(policy.grace_period)}  # fmt: skip


def while_offline(policy: OfflinePolicy, *, is_concurrent: bool) -> str:
    """What becomes of a seat, and of the person, while the PC is out of touch."""
    grace, reclaim = policy.grace_period, policy.reclaim_after
    words = {"grace": span(grace), "reclaim": span(reclaim) if reclaim else ""}
    if not is_concurrent:
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
