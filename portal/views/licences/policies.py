"""Changing a licence's offline policy."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from licensing import licences
from licensing.licences import OfflinePolicy
from licensing.models import Licence
from portal.acts import ReasonForm
from portal.licences import policies
from portal.models import Role
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out, choice_with_note


class PolicyForm(ReasonForm):
    """Which preset, and why."""

    policy = forms.ChoiceField(
        label=gettext_lazy("When people are offline"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one.")},
    )
    field_order = ["policy", "reason"]

    def __init__(self, licence: Licence, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.presets = {
            name.lower(): policy for policy, name in policies.presets_of(licence).items()
        }
        self.presets_in_words = choices_for(licence)
        choices = forms.ChoiceField(choices=self.presets_in_words).choices
        self.fields["policy"].choices = choices  # type: ignore[attr-defined]
        self.fields["policy"].initial = policies.policy_name(licence).lower()

    @property
    def wanted(self) -> OfflinePolicy:
        """The policy that was chosen."""
        return self.presets[self.cleaned_data["policy"]]


def choices_for(licence: Licence) -> list[tuple[str, str]]:
    """The presets, each with its consequence, the current one marked."""
    freed = seats_freed_at_once(licence)
    return [
        (
            name.lower(),
            choice_with_note(
                title_of_policy(licence, name), note_of_policy(licence, policy, freed)
            ),
        )
        for policy, name in policies.presets_of(licence).items()
    ]


def title_of_policy(licence: Licence, name: str) -> str:
    """The preset's name, and whether it holds now."""
    return _("%s (now)") % name if policies.policy_name(licence) == name else name


def note_of_policy(licence: Licence, policy: OfflinePolicy, freed: dict[dt.timedelta, int]) -> str:
    """What a preset means, and how many seats it would take from people at once."""
    words = policies.in_words(policy, is_concurrent=licence.is_concurrent)
    n = freed.get(policy.reclaim_after, 0) if policy.reclaim_after else 0
    if not n or policy == policies.policy_of(licence):
        return words
    more = ngettext(
        "%(n)s seat could go to somebody else at once.",
        "%(n)s seats could go to somebody else at once.",
        n,
    )
    return f"{words} {more % {'n': n}}"


def seats_freed_at_once(licence: Licence) -> dict[dt.timedelta, int]:
    """For each preset's reclaim time, how many of a pool's sessions have been quiet for longer."""
    if not licence.is_concurrent:
        return {}
    times = {policy.reclaim_after for policy in policies.PRESETS if policy.reclaim_after}
    counts = {
        str(number): Count("pk", filter=Q(refreshed_at__lte=Now() - time))
        for number, time in enumerate(times)
    }
    counted = licence.sessions.active().aggregate(**counts)
    return {time: counted[str(number)] for number, time in enumerate(times)}


@require_safe_or_post
@role_required(Role.MANAGER)
def change_policy(request: AccountRequest, licence_id: int) -> HttpResponse:
    """Choose among the presets, after reading what each costs."""
    licence = get_object_or_404(request.account.licences, pk=licence_id)
    form = PolicyForm(licence, request.POST or None)
    act = Act(
        title=_("Offline policy of %s") % licence.name,
        effects=[
            *([] if policies.policy_name(licence) else [own_policy(licence)]),
            _("No program is closed. A program that is offline keeps the time it was promised."),
        ],
        button=_("Change policy"),
        back=reverse("portal:licence", args=[licence.pk]),
        of=[what_it_means for _name, what_it_means in form.presets_in_words],
    )
    return carry_out(request, act, form, partial(set_policy, request, licence))


def own_policy(licence: Licence) -> str:
    """What holds now, when it is none of the presets."""
    return _("Now: %s") % policies.policy_in_words(licence)


def set_policy(request: AccountRequest, licence: Licence, form: PolicyForm) -> str | HttpResponse:
    """Set the policy unless it is the one that holds already."""
    if form.wanted == policies.policy_of(licence):
        messages.info(request, _("This policy holds already. Nothing was changed."))
        return redirect("portal:licence", licence.pk)
    licence = licences.set_policy(
        licence, form.wanted, by=request.user.as_actor, reason=form.cleaned_data["reason"]
    )
    words = {"name": policies.policy_name(licence), "words": policies.policy_in_words(licence)}
    return _("The policy is %(name)s now. %(words)s") % words
