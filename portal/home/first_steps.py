"""What a new owner does first; each step goes away when it is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from licensing.models import Account, ClientSession
from licensing.models.licences import LicenceState
from portal.models import Role
from portal.sign_in.standing import Standing

FIRST_STEPS = "first-steps"
"""By what name the list is snoozed."""


@dataclass(frozen=True)
class Step:
    """One thing to do, and where."""

    icon: str
    text: str
    url: str
    action: str


def first_steps(standing: Standing) -> list[Step]:
    """What this owner has not done yet; nothing for others."""
    membership = standing.membership
    if Role(membership.role) != Role.OWNER:
        return []
    account = membership.account
    active = account.memberships.active()
    roles = list(active.order_by().values_list("role", flat=True))
    steps = (
        two_step(standing),
        second_owner(roles),
        deployment(account),
        colleagues(account, roles),
    )
    return [step for step in steps if step]


def two_step(standing: Standing) -> Step | None:
    """To sign in with more than a password."""
    if standing.has_two_step:
        return None
    text = _("Turn on two-step sign-in: a password alone can be stolen.")
    return Step("shield-check", text, reverse("mfa_index"), _("Set it up"))


def second_owner(roles: list[str]) -> Step | None:
    """To have somebody who can let the first one in again."""
    if roles.count(Role.OWNER) > 1:
        return None
    text = _("Nominate a second owner, so you are never locked out.")
    return Step("users", text, reverse("portal:people"), _("People"))


def deployment(account: Account) -> Step | None:
    """To bring a key to the PCs; done when a program has used one."""
    if ClientSession.every.filter(account=account).exists():
        return None
    licence = account.licences.exclude(state=LicenceState.CLOSED).first()
    if licence is None:
        return None
    text = _("Bring the key to your PCs: files for Group Policy, Intune and others are ready.")
    url = reverse("portal:deployment", args=[licence.pk])
    return Step("device-desktop", text, url, _("Deployment files"))


def colleagues(account: Account, roles: list[str]) -> Step | None:
    """To share the work; done when somebody else is in or invited."""
    if len(roles) > 1 or account.invitations.open().exists():
        return None
    text = _("Invite those who look after licences with you, and those who only need to see them.")
    return Step("user", text, reverse("portal:invite"), _("Invite people"))
