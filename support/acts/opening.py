"""Opening an account with its first owner: what the act asks, foretells and calls."""

from __future__ import annotations

from typing import Any

from django import forms

from licensing import accounts, templates
from licensing.audit import Actor
from licensing.models import Account, LicenceTemplate
from licensing.names import one_line
from portal.accounts import near_names
from portal.models import Role
from portal.people import invitations
from portal.people.addresses import AddressField
from portal.words import zones
from support.acts.inviting import who_they_are
from support.acts.records import RecordAct, RecordForm, Then
from support.acts.selling import SELL
from support.acts.why import Usual, Why


class OpeningForm(RecordForm):
    """Whose account it is, where they are, who owns it first, and why."""

    name = forms.CharField(
        max_length=200, validators=[one_line], help_text="The organisation, as its people call it."
    )
    time_zone = forms.ChoiceField(
        choices=zones.choices,
        initial="Europe/London",
        help_text="When their days begin and end, terms too. Owners can change it.",
    )
    email = AddressField(
        label="First owner", help_text="The e-mail address of who invites the others."
    )
    template = forms.ModelChoiceField(
        templates.on_sale(),
        required=False,
        to_field_name="code",
        label="First licence",
        empty_label="None yet",
        help_text="Then you go on to sell it: the form begins with what the template has.",
    )
    field_order = ["name", "time_zone", "email", "template", "reason"]


def preview(
    account: Account,
    *,
    name: str,
    time_zone: str,
    email: str,
    template: LicenceTemplate | None = None,
) -> list[str]:
    """What is made, and whom the mail reaches; raise AlreadyDone for a name that is taken,
    InvalidOperation where the first owner would be staff."""
    email = invitations.normalise(email)
    invitations.require_no_staff(email)
    accounts.require_new(name)
    return [
        *customers_like(name),
        f"The account {accounts.as_written(name)} is opened, without licences. "
        f"Its days are those of {time_zone}.",
        f"{email} gets a mail with a link, good for {invitations.GOOD_FOR.days} days, and "
        "becomes owner by accepting.",
        *who_they_are(email),
        *([f"After that you go on to sell {template}."] if template else []),
    ]


def customers_like(name: str) -> list[str]:
    """Whose names come near, so that nobody is opened twice for a letter."""
    near = near_names.near(name)
    return (
        [f"There is {' and '.join(map(str, near))} already: is that who it is for?"] if near else []
    )


def run(
    account: Account,
    *,
    by: Actor,
    reason: str,
    name: str,
    time_zone: str,
    email: str,
    template: LicenceTemplate | None = None,
) -> str:
    """Open the account and invite its first owner; return what to tell."""
    account.name, account.time_zone = name, time_zone
    accounts.open_new(account, by=by, reason=reason)
    invitations.invite(account, email, Role.OWNER, by=by, reason=reason)
    return f"Opened the account {account} and invited {email} as owner."


def first_licence(
    account: Account, *, template: LicenceTemplate | None, **asked: Any
) -> Then | None:
    """Selling it, where a template was chosen."""
    return Then(SELL, account, template.code) if template else None


OPEN = RecordAct(
    name="open",
    is_mailed=False,
    label="Open an account",
    effects="For a customer who is new here. Licences are sold to it from its page.",
    run=run,
    form=OpeningForm,
    preview=preview,
    is_sensitive=True,
    reasons=(Usual(Why.ORDER, "The first order of a new customer."),),
    makes=True,
    then=first_licence,
)
