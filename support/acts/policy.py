"""The offline policy of a licence: what the act that changes it asks, foretells and calls."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models.functions import Now

from licensing import licences
from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import Licence
from portal.licences.policies import in_words, policy_in_words, policy_name, policy_of, presets_of
from support.acts.records import RecordAct, RecordForm, why_not_closed
from support.words import number_of


class PolicyForm(RecordForm):
    """Which of the policies for a licence of this kind, and why."""

    policy = forms.ChoiceField(label="Offline policy", widget=forms.RadioSelect)
    field_order = ["policy", "reason"]

    def __init__(self, *args: Any, record: Licence, **options: Any) -> None:
        super().__init__(*args, record=record, **options)
        self.fields["policy"].choices = [  # type: ignore[attr-defined]
            (name, f"{name}: {in_words(policy, is_concurrent=record.is_concurrent)}")
            for policy, name in presets_of(record).items()
        ]


def policy_named(licence: Licence, name: str) -> licences.OfflinePolicy:
    """The policy of this name; raise InvalidOperation when the licence's kind has none."""
    for policy, known in presets_of(licence).items():
        if name == known:
            return policy
    raise InvalidOperation(f"{licence} is no pool: it can't have the policy {name}.")


def preview_policy(licence: Licence, *, policy: str) -> list[str]:
    """The old and the new policy, and how many seats may go to others at once."""
    wanted = policy_named(licence, policy)
    if wanted == policy_of(licence):
        raise InvalidOperation(f"{licence} has the policy {policy} already.")
    words = in_words(wanted, is_concurrent=licence.is_concurrent)
    lines = [f"Until now: {policy_in_words(licence)}", f"From now on: {words}"]
    if wanted.reclaim_after is None or not licence.is_concurrent:
        return lines
    silent = licence.sessions.active().filter(refreshed_at__lte=Now() - wanted.reclaim_after)
    seats = number_of(silent.count(), "seat")
    return [*lines, f"At once {seats} of people who were not heard of may go to others."]


def set_policy(licence: Licence, *, by: Actor, reason: str, policy: str) -> str:
    """Change the offline policy; return what to tell."""
    licences.set_policy(licence, policy_named(licence, policy), by=by, reason=reason)
    return f"{licence}: offline policy {policy}."


POLICY = RecordAct(
    name="policy",
    label="Change offline policy",
    effects="It holds for open programs from their last refresh on.",
    run=set_policy,
    form=PolicyForm,
    preview=preview_policy,
    why_not=why_not_closed,
    initial=lambda licence: {"policy": policy_name(licence)},
)
