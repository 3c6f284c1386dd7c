"""What staff do to people of an account: their access, and how they sign in."""

from __future__ import annotations

from licensing.audit import Actor
from portal.models import Membership
from portal.people import members
from portal.sign_in import two_step
from support.acts import leaving
from support.acts.email_addresses import CHANGE_EMAIL, REPLACE_EMAIL
from support.acts.read_in import read_in_one
from support.acts.records import Kind, RecordAct
from support.acts.why import Usual, Why


def reset_two_step(membership: Membership, *, by: Actor, reason: str) -> str:
    """Take the person's second steps away; return what to tell."""
    two_step.reset(membership, by=by, reason=reason)
    return f"{membership.user} signs in with the password or a mailed code alone now."


def preview_reset(membership: Membership) -> list[str]:
    """What the person loses, and that it holds for all their accounts."""
    return [
        f"{membership.user} loses their authenticator app, passkeys and recovery codes, and is "
        "signed out everywhere. They get a mail about it.",
        "Make sure who asks: whoever reads their mail can sign in as them afterwards.",
        read_in_one(membership),
    ]


def why_not_reset(membership: Membership) -> str:
    """Who has no second step has none to lose."""
    return "" if two_step.has(membership.user) else two_step.has_none(membership.user)


def preview_remove(membership: Membership) -> list[str]:
    """What the person loses, and what goes on."""
    return members.effects_of_removal(membership)


def remove(membership: Membership, *, by: Actor, reason: str) -> str:
    """Take the person out of the account; return what to tell."""
    members.remove(membership, by=by, reason=reason)
    return f"{membership.user} sees nothing of {membership.account} any more."


def preview_leaving(membership: Membership) -> list[str]:
    """All that is taken from them."""
    return leaving.preview(membership.account, username="", email=membership.user.email)


def take_away(membership: Membership, *, by: Actor, reason: str) -> str:
    """Take it away; return what to tell."""
    asked = {"username": "", "email": membership.user.email}
    return leaving.take_away(membership.account, by=by, reason=reason, **asked)


def why_not_remove(membership: Membership) -> str:
    """Somebody has to own the account: another owner is invited first."""
    if members.is_last_owner(membership):
        return f"{membership.account} has no other owner. Invite one first."
    return ""


KIND = Kind(
    acts=(
        RecordAct(
            name="leaver",
            label="Somebody leaves",
            effects="Their open sessions, bound devices and portal access go, and a rule blocks "
            "each user name that is known of them.",
            run=take_away,
            preview=preview_leaving,
            why_not=why_not_remove,
            reasons=(
                Usual(Why.LEAVER, "They left the company."),
                Usual(Why.LEAVER, "They moved to another job there."),
            ),
            is_sensitive=True,
            in_rows=True,
        ),
        RecordAct(
            name="remove",
            label="Take portal access away",
            effects="Their seats and devices stay theirs: Somebody leaves takes these as well.",
            run=remove,
            preview=preview_remove,
            why_not=why_not_remove,
            reasons=(Usual(Why.LEAVER, "They left the company."),),
            is_sensitive=True,
        ),
        RecordAct(
            name="reset-two-step",
            is_mailed=False,
            label="Reset two-step sign-in",
            effects="For somebody who lost their phone and their recovery codes.",
            run=reset_two_step,
            preview=preview_reset,
            why_not=why_not_reset,
            is_sensitive=True,
            approved_by_a_second=True,
        ),
        CHANGE_EMAIL,
        REPLACE_EMAIL,
    ),
    describe=str,
    shown=two_step.steps_in_words,
)
