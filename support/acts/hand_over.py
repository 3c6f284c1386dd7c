"""Who of a customer reads their product keys: staff never see one."""

from __future__ import annotations

from licensing.models import Account
from portal.models import Role
from portal.words.names import some_of

HAND_OVER = (
    "Owners and managers of the account find the product key in the portal; staff never see it."
)
NOBODY = (
    "Nobody of the account can sign in to the portal, where alone product keys are read: "
    "invite an owner."
)


def readers(account: Account) -> list[str]:
    """Who reads the account's keys in the portal."""
    people = account.memberships.filter(role__in=(Role.OWNER, Role.MANAGER), user__is_active=True)
    return list(people.order_by("pk").values_list("user__name", flat=True))


def invited(account: Account) -> list[str]:
    """Who will, once they have accepted."""
    waiting = account.invitations.open().filter(role__in=(Role.OWNER, Role.MANAGER))
    return list(waiting.order_by("pk").values_list("email", flat=True))


def hand_over(account: Account) -> str:
    """How the customer comes by a key that was made for them."""
    if readers(account):
        return HAND_OVER
    if waiting := invited(account):
        return f"{some_of(waiting)} can read the product key in the portal after accepting."
    return NOBODY


def who_reads_keys(account: Account) -> str:
    """The same by name, as the account's record tells it."""
    people = readers(account)
    return f"{some_of(people)}, in the portal." if people else hand_over(account)
