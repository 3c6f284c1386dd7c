"""The move of an account from ALM: what came of it, who has started with that, when it is over.

Nothing of ours stops with the old codes: they are the customer's own licence manager's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from licensing import audit, versions
from licensing.errors import AlreadyDone, InvalidOperation
from licensing.identity import as_compared
from licensing.models import Account, ClientSession, Denial, Licence, Product

DATED, TAKEN_BACK = "alm_end_dated", "alm_end_taken_back"
"""What the record calls it."""
TOO_OLD = "version_not_supported"


@dataclass(frozen=True, slots=True)
class Started:
    """On how many machines programs have started with a licence, and how many run now."""

    machines: int = 0
    running: int = 0


@dataclass(frozen=True, slots=True)
class Tried:
    """A machine, and the version of the program that tried last on it, started or refused."""

    machine_name: str
    username: str
    version: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Behind:
    """The machines that need a later version of a product: of all that tried, those without."""

    product: Product
    tried: int
    machines: list[Tried]


def licences_of(account: Account) -> QuerySet[Licence]:
    """The licences that imports of ALM lists made for an account, the first first."""
    return Licence.objects.filter(account=account, from_alm__isnull=False).order_by("pk")


def started(account: Account) -> dict[int, Started]:
    """How far the machines are, by the id of each licence that any has started with."""
    opened = ClientSession.every.filter(licence__in=licences_of(account)).order_by()
    counted = opened.values_list("licence").annotate(
        machines=Count("machine", distinct=True), running=Count("pk", filter=Q(ended_at=None))
    )
    return {licence: Started(machines, running) for licence, machines, running in counted}


def behind(account: Account) -> list[Behind]:
    """By product, the machines whose last try was with a version before its minimum.

    A product that no machine is behind of is left out.
    """
    of_move = Product.objects.filter(licences__in=licences_of(account)).distinct()
    found = [behind_of(account, product) for product in of_move]
    return [one for one in found if one.machines]


def behind_of(account: Account, product: Product) -> Behind:
    """The same of one product."""
    last: dict[str, Tried] = {}
    for tried in tries(licences_of(account).filter(product=product)):
        machine = as_compared(tried.machine_name)
        if machine not in last or tried.at > last[machine].at:
            last[machine] = tried
    late = [one for one in last.values() if is_too_old(one.version, product.minimum_version)]
    return Behind(product, len(last), sorted(late, key=lambda one: one.at, reverse=True))


def tries(licences: QuerySet[Licence]) -> Iterator[Tried]:
    """With which version programs started, or were refused for theirs: the last of each machine."""
    opened = ClientSession.every.filter(licence__in=licences).order_by("machine", "-refreshed_at")
    columns = ("machine_name", "username", "version")
    for row in opened.distinct("machine").values_list(*columns, "refreshed_at"):
        yield Tried(*row)
    refused = Denial.every.filter(licence__in=licences, code=TOO_OLD).order_by()
    for row in refused.values_list(*columns, "last_at"):
        yield Tried(*row)


def is_too_old(version: str, minimum: str) -> bool:
    """Whether it comes before the minimum; one that is no version is not told of."""
    try:
        return not versions.is_at_least(version, minimum)
    except ValueError:
        return False


@transaction.atomic
def date_end(account: Account, *, on: dt.date, by: audit.Actor, reason: str = "") -> Account:
    """Note the last day of the customer's ALM codes, or another one; return the account.

    Raise InvalidOperation for an account that did not come from ALM, or a day that has passed;
    AlreadyDone when it is that day.
    """
    locked = Account.objects.locked(account.pk)
    if refused := why_not_date(locked):
        raise InvalidOperation(refused)
    before = locked.alm_codes_end_on
    if before == on:
        raise AlreadyDone(f"The ALM codes of {locked} end on that day already.")
    require_to_come(locked, on)
    locked.alm_codes_end_on = on
    locked.save(update_fields=["alm_codes_end_on"])
    note_end(locked, on, before, by=by, reason=reason)
    return locked


def require_to_come(account: Account, on: dt.date) -> None:
    """Raise InvalidOperation for a day that has passed where the account is."""
    if on < account.local(timezone.now()).date():
        raise InvalidOperation(f"{on} has passed: choose today or a later day.", part="on")


def why_not_date(account: Account) -> str:
    """Why there are no old codes whose end could be told, or ""."""
    return "" if licences_of(account).exists() else f"{account} has no licence that came from ALM."


def later_end(old: Account, new: Account) -> dt.date | None:
    """The last day of the codes of both, which are one move once the one is merged into the other.

    The later one: before it, codes still work. A day that was told of one alone stays told.
    """
    days = [one.alm_codes_end_on for one in (old, new) if one.alm_codes_end_on]
    return max(days, default=None)


def join(old: Account, new: Account, *, by: audit.Actor, reason: str = "") -> None:
    """Let the end of an account's old codes go along where it is merged into another.

    Both are locked by the caller.
    """
    before, on = new.alm_codes_end_on, later_end(old, new)
    old.alm_codes_end_on, new.alm_codes_end_on = None, on
    Account.objects.bulk_update([old, new], ["alm_codes_end_on"])
    if on and on != before:
        note_end(new, on, before, by=by, reason=reason)


def note_end(
    account: Account, on: dt.date, before: dt.date | None, *, by: audit.Actor, reason: str
) -> None:
    """Put in the record that the codes end on that day, and which it was before."""
    moved_from = {"before": before.isoformat()} if before else {}
    audit.record(account, DATED, by=by, reason=reason, on=on.isoformat(), **moved_from)


@transaction.atomic
def take_end_back(account: Account, *, by: audit.Actor, reason: str = "") -> Account:
    """Take back the day on which the ALM codes end; return the account.

    Raise AlreadyDone when there is none.
    """
    locked = Account.objects.locked(account.pk)
    if refused := why_not_take_back(locked):
        raise AlreadyDone(refused)
    assert locked.alm_codes_end_on
    was, locked.alm_codes_end_on = locked.alm_codes_end_on, None
    locked.save(update_fields=["alm_codes_end_on"])
    audit.record(locked, TAKEN_BACK, by=by, reason=reason, on=was.isoformat())
    return locked


def why_not_take_back(account: Account) -> str:
    """Why there is nothing to take back, or ""."""
    return "" if account.alm_codes_end_on else f"No end of ALM codes is dated for {account}."
