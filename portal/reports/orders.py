"""Ordering reports, changing, pausing and ending them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from licensing import audit, clock
from licensing.errors import AlreadyDone, InvalidOperation
from licensing.models import Account
from licensing.usage.working_time import of_account
from portal.models import (
    Every,
    FileFormat,
    Membership,
    Report,
    ReportKind,
    ReportReader,
    Role,
    SavedView,
    User,
)
from portal.reports import periods
from portal.words.aliases import names_for

MOST = 50
"""Reports that an account may have."""


@dataclass(frozen=True)
class Wanted:
    """What somebody orders."""

    kind: ReportKind
    every: Every
    format: FileFormat
    readers: Collection[User]
    view: SavedView | None = None


def seen_by(membership: Membership) -> QuerySet[Report]:
    """The reports that the person may look at: who manages the account sees all of them.

    Others see what they ordered and what they get, and readers of aliases no view of others.
    """
    found = Report.objects.filter(account=membership.account_id)
    if not membership.allows(Role.MANAGER):
        own = Q(person=membership.user_id) | Q(places__person=membership.user_id)
        found = found.filter(own).distinct()
    if names_for(membership).are_aliases:
        found = found.filter(Q(view=None) | Q(view__person=membership.user_id))
    return found.select_related("account", "person", "view__person").prefetch_related("readers")


def may_change(membership: Membership, report: Report) -> bool:
    """Whether it is the person's own, or they manage the account."""
    return report.person_id == membership.user_id or membership.allows(Role.MANAGER)


def readers_for(membership: Membership) -> QuerySet[User]:
    """To whom the person may have a report sent: who manages the account, to everybody in it."""
    members = Membership.objects.active().filter(account=membership.account_id)
    if not membership.allows(Role.MANAGER):
        members = members.filter(user=membership.user_id)
    return User.objects.filter(pk__in=members.values("user")).order_by("name", "pk")


@transaction.atomic
def order(membership: Membership, wanted: Wanted) -> Report:
    """Have it sent from the next Monday, or first of a month, on. Raise InvalidOperation."""
    Account.objects.locked(membership.account_id).require_open()
    if Report.objects.filter(account=membership.account_id).count() >= MOST:
        text = _("The account has %(n)s reports. End one that nobody needs first.")
        raise InvalidOperation(text % {"n": MOST})
    report = Report(account=membership.account, person=membership.user)
    put(report, wanted)
    audit.record(report, "report_ordered", by=membership.user.as_actor, **told(report))
    return report


@transaction.atomic
def change(report: Report, membership: Membership, wanted: Wanted) -> None:
    """Send something else, at another time, or to others."""
    report = locked(report)
    put(report, wanted)
    audit.record(report, "report_changed", by=membership.user.as_actor, **told(report))


def put(report: Report, wanted: Wanted) -> None:
    """Write down what is wanted. Raise InvalidOperation where readers do not see the view."""
    require_shown(report, wanted)
    require_new(report, wanted)
    if report.every != wanted.every or report.pk is None:
        report.next_on = next_day_of(report.account, wanted.every)
    report.kind, report.view = wanted.kind, wanted.view
    report.every, report.format = wanted.every, wanted.format
    report.save()
    report.places.exclude(person__in=wanted.readers).delete()
    for reader in wanted.readers:  # who gets it already keeps the address that stops it
        ReportReader.objects.get_or_create(report=report, person=reader)


def require_shown(report: Report, wanted: Wanted) -> None:
    """Raise InvalidOperation when a view that is one person's alone would go to others."""
    view = wanted.view
    if view is None or view.is_shared:
        return
    if any(reader.pk != view.person_id for reader in wanted.readers):
        text = _("Only you see the view “%s”. Share it first, or send it to yourself alone.")
        raise InvalidOperation(text % view.name, part="readers")


def require_new(report: Report, wanted: Wanted) -> None:
    """Raise InvalidOperation when another report sends the same to the same people."""
    alike = Report.objects.filter(
        account=report.account_id,
        kind=wanted.kind,
        view=wanted.view,
        every=wanted.every,
        format=wanted.format,
    )
    readers = {reader.pk for reader in wanted.readers}
    for other in alike.exclude(pk=report.pk).prefetch_related("readers"):
        if {reader.pk for reader in other.readers.all()} == readers:
            raise InvalidOperation(_("You have this one already."))


def next_day_of(account: Account, every: Every) -> dt.date:
    """The day of the account on which such a report is sent next."""
    return periods.next_day(every, clock.database_time(), of_account(account).zone)


@transaction.atomic
def pause(report: Report, membership: Membership) -> None:
    """Send nothing until it is resumed. Raise AlreadyDone."""
    report = locked(report)
    if report.paused_at:
        raise AlreadyDone(_("This report is paused already."))
    report.paused_at = timezone.now()
    report.save(update_fields=["paused_at"])
    audit.record(report, "report_paused", by=membership.user.as_actor)


@transaction.atomic
def resume(report: Report, membership: Membership) -> None:
    """Send it again from the next day of sending on. Raise AlreadyDone."""
    report = locked(report)
    if report.paused_at is None:
        raise AlreadyDone(_("This report is sent already."))
    report.paused_at, report.next_on = None, next_day_of(report.account, Every(report.every))
    report.save(update_fields=["paused_at", "next_on"])
    audit.record(report, "report_resumed", by=membership.user.as_actor)


@transaction.atomic
def end(report: Report, membership: Membership) -> None:
    """Nobody gets it any more, and it is forgotten."""
    report = locked(report)
    audit.record(report, "report_ended", by=membership.user.as_actor)
    report.delete()


def end_all(account: Account, *, by: audit.Actor, reason: str) -> None:
    """End all reports of an account, in a transaction of the caller's."""
    all_of_them = list(Report.objects.filter(account=account).select_related("account", "view"))
    changes: list[tuple[Model, dict[str, Any]]] = [(one, {}) for one in all_of_them]
    audit.record_all(changes, "report_ended", by=by, reason=reason)
    for report in all_of_them:
        report.delete()


def locked(report: Report) -> Report:
    """The report, nobody else's until the transaction is done. Raise AlreadyDone if it ended."""
    found = Report.objects.select_for_update(of=["self"]).filter(pk=report.pk)
    for report in found.select_related("account", "view"):
        return report
    raise AlreadyDone(_("This report has ended."))


def told(report: Report) -> dict[str, Any]:
    """What the record says of a report besides its name."""
    return {"every": str(report.every), "readers": report.places.count()}
