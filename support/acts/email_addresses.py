"""What staff do when somebody's mailbox is dead: another address to sign in with."""

from __future__ import annotations

from licensing.audit import Actor
from portal.models import Membership
from portal.people import email_changes
from portal.people.addresses import AddressField
from support.acts.read_in import read_in_all
from support.acts.records import RecordAct, RecordForm


class EmailForm(RecordForm):
    """The new address, and why."""

    email = AddressField(label="New e-mail address", max_length=254)
    field_order = ["email", "reason"]


def preview_change(membership: Membership, *, email: str) -> list[str]:
    """Who is written to, and when it happens."""
    user, email = membership.user, email_changes.require_new(membership.user, email)
    return [
        f"{email} gets a mail and has to confirm within three days.",
        f"{user.email} gets a mail with a link that stops it, and a day to open it.",
        f"Then {user} signs in as {email}, in all their accounts, is signed out everywhere, and "
        f"nothing mailed to {user.email} works any more.",
        "Make sure who asks: whoever reads mails at the new address can sign in.",
        read_in_all(user),
    ]


def change(membership: Membership, *, by: Actor, reason: str, email: str) -> str:
    """Ask for the change; return what to tell."""
    asked = email_changes.ask_for(membership.user, email, by=by, reason=reason)
    return f"Wrote to {membership.user.email} and {asked.email}. Nothing has changed yet."


def preview_at_once(membership: Membership, *, email: str) -> list[str]:
    """What stops working at once."""
    user, email = membership.user, email_changes.require_new(membership.user, email)
    return [
        f"{user} signs in as {email} from now on, in all their accounts, is signed out everywhere, "
        f"and nothing mailed to {user.email} works any more. Both addresses are told.",
        "Nobody has to confirm, and nobody can stop it. Make sure who asks.",
        read_in_all(user),
    ]


def change_at_once(membership: Membership, *, by: Actor, reason: str, email: str) -> str:
    """Change it; return what to tell."""
    email_changes.replace(membership.user, email, by=by, reason=reason)
    return f"{membership.user} signs in as {membership.user.email} now."


def why_not(membership: Membership) -> str:
    """The desk decides nothing about staff, who may do more than it: they are added anew."""
    if membership.user.is_staff:
        return f"{membership.user} is of the staff. Somebody else's address is not for the desk."
    return ""


CHANGE_EMAIL = RecordAct(
    name="change-email",
    is_mailed=False,
    label="Change e-mail address",
    effects="For somebody who cannot read mails at their old address any more.",
    run=change,
    form=EmailForm,
    preview=preview_change,
    why_not=why_not,
    is_sensitive=True,
)
REPLACE_EMAIL = RecordAct(
    name="replace-email",
    is_mailed=False,
    label="Change e-mail address at once",
    effects="For a mailbox that is in somebody else's hands: it could stop the change.",
    run=change_at_once,
    form=EmailForm,
    preview=preview_at_once,
    why_not=why_not,
    is_sensitive=True,
)
