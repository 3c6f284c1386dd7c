"""Inviting an account holder: what the act asks, foretells and calls."""

from __future__ import annotations

from django import forms

from licensing.audit import Actor
from licensing.models import Account
from portal.models import Role, User
from portal.people import invitations
from portal.people.addresses import AddressField
from support.acts.records import RecordAct, RecordForm
from support.acts.why import Usual, Why
from support.words import number_of

MOST_NAMED = 3


class InviteForm(RecordForm):
    """Whom, as what, and why."""

    email = AddressField(label="E-mail address")
    role = forms.ChoiceField(choices=Role, initial=Role.OWNER)
    field_order = ["email", "role", "reason"]


def who_they_are(email: str) -> list[str]:
    """What there is to know of who has this address, before they get into one more account."""
    user = User.objects.of_address(email)
    if user is None:
        return []
    if user.is_active:
        return elsewhere(user)
    locked = f"{user} is kept from signing in: the invitation does not change that."
    return [locked, *elsewhere(user)]


def elsewhere(user: User) -> list[str]:
    """In which accounts somebody is already."""
    theirs = user.memberships.select_related("account").order_by("pk")
    if not theirs:
        return []
    named = [f"{one.get_role_display().lower()} of {one.account}" for one in theirs[:MOST_NAMED]]
    more = len(theirs) - len(named)
    others = [f"{more} more"] if more else []
    return [f"{user} has other accounts already: {', '.join(named + others)}. Is it them?"]


def preview_invite(account: Account, *, email: str, role: str) -> list[str]:
    """Whom the mail reaches, and who is there already."""
    email = invitations.normalise(email)
    invitations.require_new_to(account, email)
    lines = [
        f"{email} gets a mail with a link, good for {invitations.GOOD_FOR.days} days, and "
        f"becomes {Role(role).label.lower()} of {account} by accepting.",
        *who_they_are(email),
    ]
    if account.invitations.open().filter(email=email).exists():
        lines += ["They were invited before; that link stops working."]
    owners = account.memberships.filter(role=Role.OWNER).count()
    return [*lines, f"{account} has {number_of(owners, 'owner')} now."]


def invite(account: Account, *, by: Actor, reason: str, email: str, role: str) -> str:
    """Invite the person; return what to tell."""
    invitation = invitations.invite(account, email, Role(role), by=by, reason=reason)
    return f"Invited {invitation}, as {Role(role).label.lower()}."


INVITE = RecordAct(
    name="invite",
    label="Invite an account holder",
    effects="A nominated account holder starts as owner and invites others.",
    run=invite,
    form=InviteForm,
    preview=preview_invite,
    initial=lambda account: {"role": Role.OWNER},
    is_sensitive=True,
    reasons=(
        Usual(Why.ASKED, "The customer named them."),
        Usual(Why.ASKED, "Nobody of the customer can sign in."),
    ),
    in_rows=True,
    at_hand=True,
)
