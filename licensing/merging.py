"""The licences of one account become another's, with all that programs told of them.

Programs notice nothing: sessions, seats, keys and devices are the same rows, under another account.
A check-out on its way holds its key's row, and takes its session's account from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Now

from licensing import alm_moves, audit, pools
from licensing.hot import fetch_value
from licensing.merge_statements import BARRED, FOLLOWS, MOVES
from licensing.models import (
    AccessRule,
    Account,
    Device,
    Licence,
    ProductKey,
    Seat,
)
from licensing.models.licences import LicenceState
from licensing.models.spelling import CustomerName
from licensing.names import customer_name

LONGEST_NAME = 100
WITH_LICENCES: tuple[type[Model], ...] = (ProductKey, Seat, Device)
"""What a licence has that names its account, besides what becomes history."""


def lock(licence_ids: Iterable[int], accounts: Iterable[int]) -> dict[int, Account]:
    """Lock licences with their seats and keys, then accounts, each kind in the order of its ids.

    A check-out on its way has a seat and a key, and is waited for; others wait.
    """
    ids = sorted(licence_ids)
    pools.lock_whole(ids)
    keys = ProductKey.objects.filter(licence__in=ids).select_for_update(of=["self"]).order_by("pk")
    list(keys.values_list("pk", flat=True))
    return {pk: Account.objects.locked(pk) for pk in sorted(set(accounts))}


def move_licences(
    old: Account, new: Account, *, by: audit.Actor, reason: str = ""
) -> list[Licence]:
    """Give all licences of one account to the other; return them.

    Both are locked by the caller, after the licences, their seats and keys.
    """
    licences = list(old.licences.order_by("pk"))
    keep_rules_to(licences, old, new)
    Licence.objects.filter(account=old).update(account=new)
    for model in WITH_LICENCES:
        model._default_manager.filter(account=old).update(account=new)
    ids = [licence.pk for licence in licences]
    run_all(MOVES, {"old": old.pk, "new": new.pk, "licences": ids})
    alm_moves.join(old, new, by=by, reason=reason)
    for licence in licences:
        licence.account = new
        tell_apart(licence, old, by=by, reason=reason)
    return licences


def run_all(statements: Iterable[str], values: dict[str, Any]) -> int:
    """Run them in turn; return how many rows they wrote."""
    written = 0
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)
            written += cursor.rowcount
    return written


def follow() -> int:
    """Let refusals that were written down just as an account was merged follow their licences.

    Return how many. Nothing else can be left behind: they alone are written down without a lock.
    """
    return run_all(FOLLOWS, {})


def namesakes(licences: Iterable[Licence], new: Account) -> list[Licence]:
    """Those of the licences that are called as one of the same product there is."""
    return [one for one in licences if is_taken(one, one.name, new)]


def is_taken(licence: Licence, name: str, new: Account) -> bool:
    """Whether another licence of the account and product is called so; closed ones don't count."""
    if licence.state == LicenceState.CLOSED:
        return False
    there = new.licences.filter(product=licence.product_id).exclude(pk=licence.pk)
    going_on = there.exclude(state=LicenceState.CLOSED)
    alike = going_on.alias(compared=CustomerName("name")).filter(compared=customer_name(name))
    return alike.exists()


def tell_apart(licence: Licence, old: Account, *, by: audit.Actor, reason: str) -> None:
    """Let a licence whose name is taken have the old account's behind it."""
    before = licence.name
    if not is_taken(licence, before, licence.account):
        return
    licence.name = free_name(
        before,
        old,
        longest=LONGEST_NAME,
        room=40,
        is_taken=lambda name: is_taken(licence, name, licence.account),
    )
    licence.save(update_fields=["name"])
    audit.record(licence, "licence_renamed", by=by, reason=reason, before=before)


def free_name(
    name: str, old: Account, *, longest: int, room: int, is_taken: Callable[[str], bool]
) -> str:
    """``Planners (Hill & Dale)``, with a number if that is taken, too: no longer than the longest,
    with room for so much of the old account's name."""
    for number in range(1, 1000):
        ending = f" ({old.name[:room]}{f' {number}' if number > 1 else ''})"
        found = f"{name[: longest - len(ending)]}{ending}"
        if not is_taken(found):
            return found
    raise AssertionError("a thousand of one name")


def keep_rules_to(licences: list[Licence], old: Account, new: Account) -> None:
    """Let the rules of the old account hold where they held: for its licences alone.

    One about all of them becomes one about each; what is over stays as a record.
    """
    rules = AccessRule.objects.filter(account=old)
    of_all = list(rules_of_all(old))
    rules.filter(licence__isnull=False).update(account=new)
    for licence in licences:
        copies = [copy_of(rule, licence, new) for rule in of_all]
        AccessRule.objects.bulk_create(copies)


def rules_of_all(account: Account) -> QuerySet[AccessRule]:
    """Those that hold for all licences of an account, or will."""
    not_over = Q(ends_at=None) | Q(ends_at__gt=Now())
    return AccessRule.objects.filter(not_over, account=account, licence=None).order_by("pk")


def barred(old: Account, new: Account) -> int:
    """How many open sessions of one account the other's rules for all its licences would end."""
    return int(fetch_value(BARRED, {"old": old.pk, "new": new.pk}) or 0)


def copy_of(rule: AccessRule, licence: Licence, account: Account) -> AccessRule:
    """The same rule about one licence."""
    names = [field.attname for field in AccessRule._meta.concrete_fields if not field.primary_key]
    values = {name: getattr(rule, name) for name in names}
    return AccessRule(**values | {"account_id": account.pk, "licence_id": licence.pk})
