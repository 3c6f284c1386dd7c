"""What staff do to invitations that nobody has accepted yet."""

from __future__ import annotations

from licensing.audit import Actor
from portal.mail import mails
from portal.models import Invitation
from portal.people import invitations
from support.acts.records import Kind, RecordAct
from support.acts.why import Usual, Why


def send_again(invitation: Invitation, *, by: Actor, reason: str) -> str:
    """Mail it again; return what to tell."""
    invitations.resend(invitation, by=by, reason=reason)
    return f"Sent the invitation of {invitation.email} again."


def preview_again(invitation: Invitation) -> list[str]:
    """Whom the mail reaches, and what became of the one before."""
    days = invitations.GOOD_FOR.days
    lines = [f"{invitation.email} gets a mail with the same link, good for {days} days from now."]
    if invitation.mail:
        lines += [f"The mail before: {mails.how_it_stands(invitation.mail)}"]
    return lines


def withdraw(invitation: Invitation, *, by: Actor, reason: str) -> str:
    """Take it back; return what to tell."""
    invitations.cancel(invitation, by=by, reason=reason)
    return f"Withdrew the invitation of {invitation.email}."


def preview_withdraw(invitation: Invitation) -> list[str]:
    """What stops."""
    return [f"The link that {invitation.email} got stops working. Nobody is told."]


def why_not(invitation: Invitation) -> str:
    """What was accepted or taken back is over."""
    if invitation.accepted_at:
        return f"{invitation.email} has accepted already."
    if invitation.cancelled_at:
        return f"The invitation of {invitation.email} was withdrawn."
    return ""


KIND = Kind(
    acts=(
        RecordAct(
            name="send-again",
            is_mailed=False,
            label="Send again",
            effects="For a mail that did not arrive, or an invitation that has ended.",
            run=send_again,
            preview=preview_again,
            why_not=why_not,
            reasons=(
                Usual(Why.ASKED, "The mail did not arrive."),
                Usual(Why.ROUTINE, "The invitation had ended."),
            ),
            is_sensitive=True,
            in_rows=True,
            at_hand=True,
        ),
        RecordAct(
            name="withdraw",
            is_mailed=False,
            label="Withdraw",
            effects="For somebody who should not join after all.",
            run=withdraw,
            preview=preview_withdraw,
            why_not=why_not,
            reasons=(Usual(Why.ASKED), Usual(Why.ASKED, "The address was wrong.")),
            is_sensitive=True,
            in_rows=True,
            at_hand=True,
        ),
    ),
    describe=str,
)
