"""Somebody leaves a customer: what the act asks, foretells and calls."""

from __future__ import annotations

from typing import Any

from django import forms

from licensing import usernames
from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import Account
from licensing.names import one_line
from portal.people import leavers, near_names
from portal.people.addresses import AddressField
from portal.people.leaver_effects import effects_of_leaving, why_leaver_stays
from portal.people.leavers import Leaver
from support.acts.records import RecordAct, RecordForm
from support.acts.why import Usual, Why


class LeaverForm(RecordForm):
    """Who leaves, and why it is done."""

    username = forms.CharField(
        required=False,
        max_length=255,
        validators=[one_line],
        label="User name",
        help_text=r"On their PC: jsmith, or ACME\jsmith for one domain only.",
    )
    email = AddressField(
        required=False, label="E-mail address", help_text="With which they sign in to the portal."
    )
    field_order = ["username", "email", "reason"]

    def clean_username(self) -> str:
        """One person's name; a pattern could be anybody's."""
        if "*" in self.cleaned_data["username"]:
            raise forms.ValidationError("Name one person, without *.")
        if usernames.names_nobody(self.cleaned_data["username"]):
            raise forms.ValidationError("That is a domain: add the user, as in ACME\\jsmith.")
        return str(self.cleaned_data["username"])

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if not self.errors and not (asked["username"] or asked["email"]):
            self.add_error("username", "Give a user name or an e-mail address.")
        return asked


def leaver_of(account: Account, *, username: str, email: str) -> Leaver:
    """The person; the desk frees devices more often than customers can."""
    return Leaver(account, username, email, limited=False)


def preview(account: Account, **asked: str) -> list[str]:
    """All that is taken from them; raise InvalidOperation when there is nothing, or they stay."""
    leaver = leaver_of(account, **asked)
    if why := why_leaver_stays(leaver):
        raise InvalidOperation(why, part="email")
    if not leaver.parts():
        nothing = f"{account} has nothing of {leaver}: no role, seat or device."
        raise InvalidOperation(" ".join([nothing, *whom_else(leaver)]))
    told = [*effects_of_leaving(leaver), *without_rule(leaver), *of_others(leaver)]
    is_known = leaver.membership or leaver.invitations or leaver.offered
    return told if is_known else [*whom_else(leaver), *told]


def whom_else(leaver: Leaver) -> list[str]:
    """Whose names come near one that the account does not know."""
    return near_names.meant(near_names.in_account(leaver.account, str(leaver)))


def without_rule(leaver: Leaver) -> list[str]:
    """That they can still take a seat, where no name is known that a rule could be about."""
    if leaver.username or leaver.names:
        return []
    return ["No rule blocks them: their user name is not known. Give it, and it is blocked too."]


def of_others(leaver: Leaver) -> list[str]:
    """The names that may be somebody else's, of which nothing is taken."""
    others = [name.username for name in leaver.offered.values() if name not in leaver.names]
    if not others:
        return []
    return [f"Nothing is taken from {', '.join(others)}: that may be somebody else."]


def take_away(account: Account, *, by: Actor, reason: str, **asked: str) -> str:
    """Take all of it away; return what to tell."""
    leaver = leaver_of(account, **asked)
    leavers.remove(leaver, leaver.parts(), by=by, reason=reason)
    return f"Took everything from {leaver} that {account} had given them."


LEAVER = RecordAct(
    name="leaver",
    label="Somebody leaves",
    effects="Their open sessions, bound devices and portal access go, and a rule blocks each user "
    "name that is given or known.",
    run=take_away,
    form=LeaverForm,
    preview=preview,
    is_sensitive=True,
    in_rows=True,
    at_hand=True,
    reasons=(
        Usual(Why.LEAVER, "They left the company."),
        Usual(Why.LEAVER, "They moved to another job there."),
    ),
)
