"""A person's data: erased by staff once a second one approves it."""

from __future__ import annotations

from django import forms

from licensing import erasing as of_programs
from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import Account
from portal.people import erasing
from portal.people.personal_data import PersonalData
from support.acts.leaving import LeaverForm
from support.acts.records import RecordAct
from support.acts.why import Usual, Why
from support.models import Approval
from support.words import number_of

OF_APPROVALS = ("description", "asked", "effects", "reason", "staff_words", "words")


class EraseForm(LeaverForm):
    """Who is erased, and whether what they hold is taken first."""

    release = forms.BooleanField(
        required=False,
        label="Give their seats back and free their devices first",
        help_text="Else a person who holds any is not erased.",
    )
    field_order = ["username", "email", "release", "reason"]


def preview(account: Account, *, username: str, email: str, release: bool) -> list[str]:
    """What is erased, and what stays; raise InvalidOperation when it can't be."""
    held = PersonalData(account, username, email)
    counts = held.require_any()
    if refused := erasing.why_not(held, release=release):
        raise InvalidOperation(refused)
    return [
        f"{held} gets a random name everywhere in {account}, in "
        f"{number_of(counts['sessions'], 'session')}, {number_of(counts['denials'], 'refusal')}, "
        f"{number_of(counts['devices'], 'device')} and {number_of(counts['access_rules'], 'rule')}"
        "; rules that name them are about nobody then.",
        *of_machines(held),
        "Every row stays, so that use, peaks and counts do. In the audit record their name is "
        "replaced; its chain stays whole.",
        *of_portal(held),
        *of_others(held),
        "There is no way back. If their program is opened again, it tells its user's name anew: "
        "block them first.",
    ]


def of_machines(held: PersonalData) -> list[str]:
    """Machines that get a random name, too."""
    if not held.person.own_machines:
        return []
    names = ", ".join(sorted(held.person.own_machines.values()))
    return [f"So do machines that nobody else was seen on: {names}."]


def of_portal(held: PersonalData) -> list[str]:
    """What becomes of who signs in."""
    if held.membership is None:
        return []
    stays = held.membership.user.memberships.exclude(pk=held.membership.pk).exists()
    if stays:
        return ["They leave this account, and go on signing in to their others."]
    return ["Who signs in is deleted, with their sign-ins, second steps, views and reports."]


def of_others(held: PersonalData) -> list[str]:
    """Names that are left alone."""
    if not held.person.others:
        return []
    names = ", ".join(held.person.others)
    return [f"{names} may be somebody else, and is left as it is."]


def erase(
    account: Account, *, by: Actor, reason: str, username: str, email: str, release: bool
) -> str:
    """Erase them, in what was asked for and approved as well; return what to tell."""
    held = PersonalData(account, username, email)
    entry, names = erasing.erase(held, by=by, reason=reason, release=release)
    approvals = Approval.objects.filter(account=account)
    of_programs.rewrite_texts(approvals, OF_APPROVALS, names)
    return f"Erased. In {account} they are called {entry.details['alias']} from now on."


ERASE = RecordAct(
    name="erase-person",
    label="Erase a person",
    effects="A random name stands in place of theirs, everywhere in the account. What was counted "
    "stays. Leave their name out of your reason.",
    run=erase,
    form=EraseForm,
    preview=preview,
    is_sensitive=True,
    approved_by_a_second=True,
    is_apart=True,
    goes_on=True,
    name_typed=str,
    reasons=(Usual(Why.ASKED, "A person asked to be erased."),),
)
