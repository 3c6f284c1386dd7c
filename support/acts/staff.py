"""What superusers do to users: rights, and whether they get in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from licensing.audit import Actor
from portal.models import User
from portal.people import staff
from support import tokens
from support.acts.read_in import read_in_all
from support.acts.records import Kind, RecordAct, RecordForm
from support.models import RenewalCalendar
from support.permissions import GROUPS


class RightsForm(RecordForm):
    """Whether somebody works for the vendor, in which groups, and why."""

    is_staff = forms.BooleanField(label="Works for the vendor", required=False)
    groups = forms.MultipleChoiceField(
        choices=[(name, name) for name in GROUPS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["is_staff", "groups", "reason"]

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if asked.get("groups") and not asked.get("is_staff"):
            raise forms.ValidationError(staff.ONLY_STAFF)
        return asked

    def carried(self) -> Iterator[tuple[str, Any]]:
        if self.cleaned_data["is_staff"]:
            yield "is_staff", "on"
        for name in self.cleaned_data["groups"]:
            yield "groups", name


def in_words(is_staff: bool, groups: list[str]) -> str:
    """What somebody is: "staff (Sales, Support)"."""
    if not is_staff:
        return "not of the staff"
    return f"staff ({', '.join(sorted(groups)) or 'no group'})"


def rights_now(user: User) -> dict[str, Any]:
    """What the form shows at first."""
    return {"is_staff": user.is_staff, "groups": list(user.groups.values_list("name", flat=True))}


def preview_rights(user: User, *, is_staff: bool, groups: list[str]) -> list[str]:
    """What they are, and would be."""
    return [f"{user} is {in_words(**rights_now(user))} now, and would be "
            f"{in_words(is_staff, groups)}."]  # fmt: skip


def set_rights(user: User, *, by: Actor, reason: str, is_staff: bool, groups: list[str]) -> str:
    """Give the rights; return what to tell. Who is staff no more has no tokens and no calendar."""
    staff.set_rights(user, is_staff=is_staff, groups=groups, by=by, reason=reason)
    if not is_staff:
        end_what_works_alone(user)
    return f"{user} is {in_words(is_staff, groups)} now."


def end_what_works_alone(user: User) -> None:
    """End for good what works without their signing in: staff tokens, their calendar's address."""
    tokens.revoke_all_of(user)
    RenewalCalendar.objects.filter(person=user).delete()


def preview_lock_out(user: User) -> list[str]:
    """What they lose."""
    return [
        f"{user} is signed out everywhere and can't sign in, in any of their accounts.",
        read_in_all(user),
    ]


def lock_out(user: User, *, by: Actor, reason: str) -> str:
    """Keep them out; return what to tell."""
    staff.lock_out(user, by=by, reason=reason)
    end_what_works_alone(user)
    return f"{user} can't sign in any more."


def let_in(user: User, *, by: Actor, reason: str) -> str:
    """Let them sign in; return what to tell."""
    staff.let_in(user, by=by, reason=reason)
    return f"{user} can sign in again."


KIND = Kind(
    acts=(
        RecordAct(
            name="rights",
            is_mailed=False,
            label="Change staff rights",
            effects="What somebody may do here.",
            run=set_rights,
            form=RightsForm,
            preview=preview_rights,
            initial=rights_now,
            is_sensitive=True,
        ),
        RecordAct(
            name="lock-out",
            is_mailed=False,
            label="Keep from signing in",
            effects="For somebody who left, or whose sign-in is in other hands.",
            run=lock_out,
            preview=preview_lock_out,
            why_not=lambda user: "" if user.is_active else f"{user} can't sign in already.",
            name_typed=str,
            is_sensitive=True,
        ),
        RecordAct(
            name="let-in",
            is_mailed=False,
            label="Let sign in again",
            effects="Their password, second steps and accounts are what they were.",
            run=let_in,
            why_not=lambda user: f"{user} can sign in already." if user.is_active else "",
            is_sensitive=True,
        ),
    ),
    describe=lambda user: f"{user} ({user.email})",
)
