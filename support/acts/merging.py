"""Merging another account into one, once a second one approves it: asked, foretold and done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from licensing import accounts, alm_moves
from licensing import merging as of_licences
from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import Account, Device, ProductKey
from licensing.names import one_line
from licensing.numbers import number_in
from portal.accounts import endings, merging, near_names
from portal.models import (
    AlertRule,
    CustomerRequest,
    Invitation,
    LicenceNotes,
    LicenceTag,
    SavedView,
    Webhook,
)
from portal.people.near_names import meant
from support.acts.records import JUST_NOW, RecordAct, RecordForm
from support.acts.why import Usual, Why
from support.words import number_of, weekday


class MergeForm(RecordForm):
    """Which account, and why."""

    other = forms.CharField(
        max_length=200,
        validators=[one_line],
        label="The other account",
        help_text="Its name, or its number as in #6. It is closed then, and all that it had is in "
        "this one.",
    )
    field_order = ["other", "reason"]

    def clean_other(self) -> Account:
        """The account that is meant."""
        asked = self.cleaned_data["other"]
        found = meant_by(asked)
        if not found:
            unknown = f"No account is called {asked} or has that number."
            raise forms.ValidationError(" ".join([unknown, *meant(near_names.near(asked))]))
        if len(found) > 1:
            may_be = " or ".join(f"{one} (#{one.pk})" for one in found)
            raise forms.ValidationError(f"{asked} may be {may_be}. Write which: # and its number.")
        return found[0]

    def carried(self) -> Iterator[tuple[str, Any]]:
        """The account by its number, which no other ever has."""
        other = getattr(self, "cleaned_data", {}).get("other")
        for name, value in super().carried():
            yield name, as_carried(other) if other and name == "other" else value

    def clean(self) -> dict[str, Any]:
        """Everything, with the name that is to be typed."""
        self["typed"].label = f"Type “{self.asked_to_type}” to confirm"
        return super().clean()

    @property
    def asked_to_type(self) -> str:
        """The name of the one that is closed."""
        other = getattr(self, "cleaned_data", {}).get("other")
        return str(other) if other else self.to_type


def meant_by(asked: str) -> list[Account]:
    """The accounts that are called so, or have this number; behind a # it is a number alone."""
    named = None if asked.startswith("#") else accounts.find(asked)
    number = number_in(asked.removeprefix("#"))
    numbered = None if number is None else Account.objects.filter(pk=number).first()
    return list(dict.fromkeys(one for one in (named, numbered) if one))


def as_carried(account: Account) -> str:
    """By what the account is named beyond doubt: ``#6``."""
    return f"#{account.pk}"


def about(account: Account, *, other: Account) -> str:
    """Which account is merged into this one, behind its name."""
    return f", of {other} (account {other.pk})"


def preview(account: Account, *, other: Account) -> list[str]:
    """What moves, what clashes and how that is decided, what ends; raise InvalidOperation."""
    if refused := merging.why_not(other, account):
        raise InvalidOperation(refused, part="other")
    return [
        f"{other} (account {other.pk}) becomes a part of {account} (account {account.pk}), and is "
        "closed for good. There is no way back.",
        what_moves(other),
        *of_names(account, other),
        *of_people(account, other),
        *of_rules(account, other),
        *of_alm(account, other),
        *of_ends(other),
        *of_settings(account, other),
        "Programs notice nothing: each session, seat, key and device goes on as it is. Refusals "
        "and hours of use follow their licences.",
        f"The audit record of {other} stays with it, for staff to read and export. The owners of "
        "both are told by mail.",
        just_now(other),
    ]


def what_moves(other: Account) -> str:
    """``3 licences, 4 keys, 2 devices``."""
    counted = {
        "licence": other.licences.count(),
        "key": ProductKey.objects.filter(account=other).count(),
        "device": Device.objects.bound().filter(account=other).count(),
        "tag": LicenceTag.objects.filter(account=other).count(),
        "note": LicenceNotes.objects.filter(account=other).count(),
        "request": CustomerRequest.objects.filter(account=other).count(),
        "saved view": SavedView.objects.filter(account=other).count(),
    }
    told = ", ".join(number_of(n, noun) for noun, n in counted.items() if n)
    return f"Moves: {told or 'no licence'}; of licences all that was sold, planned and used, too."


def of_names(account: Account, other: Account) -> list[str]:
    """Licences that are called as others there."""
    names = [one.name for one in of_licences.namesakes(other.licences.order_by("pk"), account)]
    if not names:
        return []
    return [
        f"{account} has licences of the same names: {', '.join(names)}. Those of {other} get "
        f"“({other})” behind theirs, which programs show from their next refresh on."
    ]


def of_people(account: Account, other: Account) -> list[str]:
    """Who comes, and who has which role of two."""
    theirs = list(other.memberships.select_related("user").order_by("pk"))
    roles = dict(account.memberships.values_list("user", "role"))
    came = [one for one in theirs if one.user_id not in roles]
    joining = number_of(len(came), "person joins", "people join") if came else "Nobody new joins"
    lines = [f"{joining} {account}{', with the role they have' if came else ''}."]
    both = [str(one.user) for one in theirs if one.user_id in roles]
    if both:
        lines.append(f"In both already: {', '.join(both)}, with the higher role of the two.")
    open_ones = Invitation.objects.pending().filter(account=other).count()
    if open_ones:
        lines.append(
            f"{number_of(open_ones, 'open invitation')} of {other} lead to {account} then; those "
            "of people who are there, or invited there, end."
        )
    return lines


def of_rules(account: Account, other: Account) -> list[str]:
    """Where access rules hold then."""
    lines = []
    if number := of_licences.rules_of_all(other).count():
        lines.append(
            f"About all licences of {other}: {number_of(number, 'access rule')}. They hold for "
            "those that move, and for no other: each licence gets its own."
        )
    if number := of_licences.rules_of_all(account).count():
        lines.append(
            f"About all licences of {account}: {number_of(number, 'access rule')}. They hold for "
            "those that come, too. No session that is open now is ended by them."
        )
    return lines


def of_alm(account: Account, other: Account) -> list[str]:
    """Until when the old codes are told to work, where that was told of the other account."""
    if not other.alm_codes_end_on:
        return []
    on = weekday(alm_moves.later_end(other, account))
    return [f"Its ALM codes are a part of the move of {account}: told to stop after {on}."]


def of_ends(other: Account) -> list[str]:
    """What was given or set up for the other account, and ends."""
    counted = {
        "API token": endings.counted(other)["API token"],
        "webhook": Webhook.objects.kept().filter(account=other).count(),
        "single sign-on": endings.counted(other)["single sign-on"],
        "alert rule about all licences": AlertRule.objects.filter(
            account=other, licence=None, tag=""
        ).count(),
    }
    told = ", ".join(number_of(n, noun, PLURALS.get(noun, "")) for noun, n in counted.items() if n)
    return [f"Ends, for it was set up for {other}: {told}."] if told else []


PLURALS = {"alert rule about all licences": "alert rules about all licences"}


def of_settings(account: Account, other: Account) -> list[str]:
    """Settings of the account that hold for all that comes."""
    lines = [f"The settings of {account} hold for all of it."]
    if account.time_zone != other.time_zone:
        lines = [
            f"The settings of {account} hold for all of it: terms end by the clocks of "
            f"{account.time_zone}, no longer {other.time_zone}."
        ]
    return lines


def just_now(other: Account) -> str:
    """Figures of this moment, to which nobody is held."""
    open_now = number_of(other.sessions.active().count(), "open session")
    return f"{JUST_NOW}{open_now}, {number_of(other.denials.count(), 'refusal')} of late."


def merge(account: Account, *, by: Actor, reason: str, other: Account) -> str:
    """Merge the other into this one; return what to tell."""
    moved = merging.merge(other, account, by=by, reason=reason)
    licences, people = (
        number_of(moved.licences, "licence"),
        number_of(moved.people, "person", "people"),
    )
    return f"{other} is a part of {account} now: {licences} and {people} came."


def lock_first(account: Account, *, other: Account) -> None:
    """Lock what moves before the accounts, as everywhere."""
    merging.lock(other, account)


MERGE = RecordAct(
    name="merge",
    label="Merge another account into this one",
    effects="All that the other account has moves here, and it is closed for good.",
    run=merge,
    form=MergeForm,
    preview=preview,
    about=about,
    lock_first=lock_first,
    is_sensitive=True,
    approved_by_a_second=True,
    is_apart=True,
    is_mailed=False,
    name_typed=str,
    reasons=(Usual(Why.ASKED, "The customer bought twice, under two names."),),
)
