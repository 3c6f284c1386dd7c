"""Who of a customer reads their product keys, and telling them the way: staff never see one."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from licensing import audit
from licensing.errors import InvalidOperation
from licensing.models import Account, ProductKey
from portal.models import Invitation, Role
from portal.people import invitations
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
    return list(waiting_in(account).values_list("email", flat=True))


def waiting_in(account: Account) -> QuerySet[Invitation]:
    """The invitations of those who will."""
    waiting = account.invitations.open().filter(role__in=(Role.OWNER, Role.MANAGER))
    return waiting.order_by("pk")


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


@transaction.atomic
def show_the_way(key: ProductKey, *, by: audit.Actor, reason: str) -> str:
    """Mail owners and managers the way to a key, and their invitation to those who may join.

    The record says so, and whoever is told of the vendor's deeds gets a mail with the key's page.
    """
    require_somebody(key.account)
    for invitation in waiting_in(key.account):
        invitations.resend(invitation, by=by, reason=reason)
    audit.record(key, "key_handed_over", by=by, reason=reason)
    return f"{key}: {who_reads_keys(key.account)}"


def foretell_the_way(key: ProductKey) -> list[str]:
    """Whom a mail reaches; raise InvalidOperation where there is nobody."""
    require_somebody(key.account)
    lines = []
    if people := readers(key.account):
        lines += [f"{some_of(people)} get a mail with the way to the key, which the portal shows."]
    if waiting := invited(key.account):
        lines += [f"{some_of(waiting)} get their invitation again: it leads to the key, too."]
    return lines


def require_somebody(account: Account) -> None:
    """Raise InvalidOperation where nobody could read a key."""
    if not readers(account) and not waiting_in(account).exists():
        raise InvalidOperation(NOBODY)
