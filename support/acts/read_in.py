"""In which accounts' audit records an act on a person is read, and why it was done."""

from __future__ import annotations

from portal.models import Membership, User


def read_in_one(membership: Membership) -> str:
    """Of an act that is read in all of the person's accounts, and why in one of them."""
    others = names_of(membership.user, but=membership.account_id)
    why = f"The reason is read in the audit record of {membership.account}"
    if not others:
        return f"{why}."
    return f"{why}. That it was done is read in {others} as well, without the reason."


def read_in_all(user: User) -> str:
    """Of an act that is read in all of the person's accounts, with why."""
    return f"The reason is read in the audit record of {names_of(user) or 'no account'}."


def names_of(user: User, *, but: int = 0) -> str:
    """The person's accounts, one of them left out."""
    theirs = user.memberships.exclude(account=but).select_related("account").order_by("account")
    return ", ".join(str(one.account) for one in theirs)
