"""Licences: issuing them, and changing their seats, state, term and offline policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from licensing import audit, issuing, limits, orders, pools
from licensing.errors import InvalidOperation
from licensing.models import (
    ClientSession,
    Licence,
    ProductKey,
    intervals,
)
from licensing.models.catalogue import DEFAULT_PRODUCT
from licensing.models.licences import LicenceState, UsageModel
from licensing.names import require_one_line

LONGEST_NAME = 100
REPLACED = " (lease)"


@dataclass(frozen=True, slots=True)
class OfflinePolicy:
    """How long a client goes on alone, and when its seat may go to somebody else."""

    grace_period: dt.timedelta
    reclaim_after: dt.timedelta | None

    @property
    def refresh_after(self) -> dt.timedelta:
        """How often programs refresh under this policy."""
        return intervals.refresh_after(self.grace_period, self.reclaim_after)


FRIENDLY = OfflinePolicy(dt.timedelta(hours=48), dt.timedelta(hours=48))
STRICT = OfflinePolicy(dt.timedelta(minutes=15), dt.timedelta(minutes=15))
TRUSTING = OfflinePolicy(dt.timedelta(hours=48), dt.timedelta(minutes=15))
HOLD = OfflinePolicy(dt.timedelta(hours=48), None)
FRIENDLY_SINGLE_USER = OfflinePolicy(dt.timedelta(days=30), None)


def default_policy(usage_model: UsageModel) -> OfflinePolicy:
    """48 hours for a pool; 30 days for a device, which keeps its seat anyway (FAQ)."""
    return FRIENDLY if usage_model == UsageModel.CONCURRENT else FRIENDLY_SINGLE_USER


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a customer bought."""

    account_name: str
    seats: int
    product: str = DEFAULT_PRODUCT
    usage_model: UsageModel = UsageModel.CONCURRENT
    name: str = ""
    features: Sequence[str] = ()
    keys: Sequence[str] = ("",)
    """The labels of its keys, the first of which is returned."""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    policy: OfflinePolicy | None = None

    @property
    def offline_policy(self) -> OfflinePolicy:
        """Its own, or the usual one."""
        return self.policy or default_policy(self.usage_model)


def issue(order: Order, *, by: audit.Actor, reason: str = "") -> tuple[ProductKey, str]:
    """Issue a licence with its seats and first key; return the key and its plain product key.

    The account is made if there is none of that name. Raise InvalidOperation, with
    a sentence that says what is wrong with the order.
    """
    [issued] = issue_all([order], by=by, reason=reason)
    return issued


@transaction.atomic
def issue_all(
    wanted: Sequence[Order], *, by: audit.Actor, reason: str = ""
) -> list[tuple[ProductKey, str]]:
    """The same of many orders of one account: all of them or none."""
    if any(order.usage_model == UsageModel.LEASE for order in wanted):
        raise InvalidOperation("Lease licences are not sold any more; issue a single-user licence.")
    known = orders.Known(wanted[0].account_name)
    for order in wanted:
        orders.require_meant(order, known)
    return issuing.create_all(wanted, by=by, reason=reason)


@transaction.atomic
def take_over_lease(order: Order, *, by: audit.Actor, reason: str = "") -> tuple[ProductKey, str]:
    """Enter a lease licence that a customer has already, so that it is honoured (FAQ).

    It works as a single-user licence does; ``reactivate_lease`` makes it one.
    """
    orders.require_meant(order)
    return create(replace(order, usage_model=UsageModel.LEASE), by=by, reason=reason)


@transaction.atomic
def reactivate_lease(
    lease: Licence, *, by: audit.Actor, reason: str = ""
) -> tuple[ProductKey, str]:
    """Replace a lease licence by a single-user licence; return its key and plain product key.

    The new licence has the same name, seats, features and end date and no device bound; the
    old one is closed (FAQ: "Where a customer requires reactivation ...") and called a lease from
    then on, or nobody could tell the two apart. Raise InvalidOperation when it is no lease licence
    or has been replaced already.
    """
    lease = pools.lock(lease.pk)
    if lease.usage_model != UsageModel.LEASE:
        raise InvalidOperation("Only a lease licence can be reactivated.")
    if lease.state == LicenceState.CLOSED or hasattr(lease, "replaced_by"):
        raise InvalidOperation("This lease licence has been closed or replaced already.")

    order = Order(
        account_name=lease.account.name,
        seats=lease.seats,
        product=lease.product.code,
        usage_model=UsageModel.SINGLE_USER,
        name=lease.name,
        features=[each.as_ordered() for each in lease.licence_features.all()],
        ends_on=lease.ends_on,
    )
    Licence.objects.filter(pk=lease.pk).update(name=replaced(lease.name))
    key, product_key = create(order, by=by, reason=reason, replaces=replaced(lease.name))
    Licence.objects.filter(pk=key.licence_id).update(replaces=lease)
    set_state(lease, LicenceState.CLOSED, by=by, reason=reason, replaced_by=lease.name)
    return key, product_key


def replaced(name: str) -> str:
    """What a lease licence is called once another has its name."""
    return f"{name[: LONGEST_NAME - len(REPLACED)]}{REPLACED}"


@transaction.atomic
def create(
    order: Order, *, by: audit.Actor, reason: str = "", **noted: str
) -> tuple[ProductKey, str]:
    """The licence of an order, with its seats, features and first key.

    What is ``noted`` stands in the audit record beside. Nobody is asked whether it was meant: it
    may have ended, or be called as another is.
    """
    [created] = issuing.create_all([order], by=by, reason=reason, **noted)
    return created


@transaction.atomic
def set_seats(licence: Licence, seats: int, *, by: audit.Actor, reason: str = "") -> Licence:
    """Change how many seats a licence has, its emergency seats not counted: those come on top.

    Nobody is thrown out: with fewer seats than are in use, no check-out succeeds
    until use is below the new number. Raise InvalidOperation for an impossible number.
    """
    limits.require_seats(seats)
    locked = pools.lock(licence.pk)
    seats += limits.emergency_seats_of(locked)
    limits.require_seats(seats)
    return put_seats(locked, seats, by=by, reason=reason)


def put_seats(
    locked: Licence, seats: int, *, by: audit.Actor, reason: str, **noted: int | str
) -> Licence:
    """Have so many seats in a locked licence; what is ``noted`` stands in the record beside."""
    before, locked.seats = locked.seats, seats
    locked.save(update_fields=["seats"])
    limits.fit(locked)
    if seats != before:
        limits.note(locked)
    change = {"before": before, "after": seats, **noted}
    audit.record(locked, "seats_changed", by=by, reason=reason, **change)
    return locked


@transaction.atomic
def set_state(
    licence: Licence, state: LicenceState, *, by: audit.Actor, reason: str = "", **noted: str
) -> Licence:
    """Suspend, reinstate or close a licence; what is ``noted`` stands in the audit record beside.

    Programs that are open stay open. While it is suspended nobody checks out or
    refreshes; when it is closed, seats come back as their clients next refresh. Raise
    InvalidOperation for another state where the account is closed.
    """
    locked = pools.lock(licence.pk)
    if state != LicenceState.CLOSED:
        locked.account.require_open()
    before, locked.state = locked.state, state
    locked.save(update_fields=["state"])
    change = {"before": before, "after": str(state), **noted}
    audit.record(locked, "state_changed", by=by, reason=reason, **change)
    return locked


@transaction.atomic
def set_term(
    licence: Licence,
    *,
    starts_on: dt.date | None,
    ends_on: dt.date | None,
    by: audit.Actor,
    reason: str = "",
) -> Licence:
    """Change the first and last day of a licence's term; None: without that bound.

    Raise InvalidOperation when it would end before it starts. Programs that are open
    stay open; what the new term bars ends at the next refresh.
    """
    orders.require_term(starts_on, ends_on)
    locked = pools.lock(licence.pk)
    before = [str(locked.starts_on or ""), str(locked.ends_on or "")]
    locked.starts_on, locked.ends_on = starts_on, ends_on
    locked.save(update_fields=["starts_on", "ends_on"])
    after = [str(starts_on or ""), str(ends_on or "")]
    audit.record(locked, "term_changed", by=by, reason=reason, before=before, after=after)
    return locked


@transaction.atomic
def set_policy(
    licence: Licence, policy: OfflinePolicy, *, by: audit.Actor, reason: str = ""
) -> Licence:
    """Change the offline policy, for open sessions from their last refresh on."""
    locked = pools.lock(licence.pk)
    locked.grace_period, locked.reclaim_after = policy.grace_period, policy.reclaim_after
    locked.no_stale_before = None
    locked.save(update_fields=["grace_period", "reclaim_after", "no_stale_before"])
    reclaim_at = F("refreshed_at") + policy.reclaim_after if policy.reclaim_after else None
    ClientSession.objects.active().filter(licence=locked).update(reclaim_at=reclaim_at)
    audit.record(
        locked,
        "policy_changed",
        by=by,
        reason=reason,
        grace_period=policy.grace_period.total_seconds(),
        reclaim_after=policy.reclaim_after and policy.reclaim_after.total_seconds(),
    )
    return locked


@transaction.atomic
def rename(licence: Licence, name: str, *, by: audit.Actor) -> Licence:
    """Call a licence what its customer calls it; programs show the name at their next refresh.

    Raise InvalidOperation for an empty name, one of several lines, and that of another licence
    of the same product.
    """
    name = name.strip()
    if not name:
        raise InvalidOperation(_("A licence needs a name."))
    require_one_line(name)
    locked = pools.lock(licence.pk)
    orders.require_own_name(locked.account, locked.product, name, but=locked.pk)
    before, locked.name = locked.name, name
    if name != before:
        locked.save(update_fields=["name"])
        audit.record(locked, "licence_renamed", by=by, before=before)
    return locked
