"""What a new owner does first; each step goes away when it is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from portal.models import Membership, Role

FIRST_STEPS = "first-steps"
"""By what name the list is snoozed."""


@dataclass(frozen=True)
class Step:
    """One thing to do, and where; without a page there is nothing to press."""

    text: str
    url: str
    action: str


def first_steps(membership: Membership) -> list[Step]:
    """What this owner has not done yet; nothing for others."""
    if Role(membership.role) != Role.OWNER:
        return []
    steps = []
    if not membership.has_two_step:  # type: ignore[attr-defined]
        text = _("Turn on two-step sign-in: a password alone can be stolen.")
        steps.append(Step(text, reverse("mfa_index"), _("Set it up")))
    owners = membership.account.memberships.filter(role=Role.OWNER, user__is_active=True)
    if owners.count() < 2:
        text = _("Nominate a second owner, so you are never locked out.")
        steps.append(Step(text, page_of_people(), _("People")))
    return steps


def page_of_people() -> str:
    """Where owners invite people; "" where there is no such page."""
    try:
        return reverse("portal:people")
    except NoReverseMatch:
        return ""
