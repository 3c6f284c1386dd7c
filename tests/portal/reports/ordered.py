"""Reports that tests order, and what becomes of their mails."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from licensing.usage.working_time import of_account
from portal.models import Every, FileFormat, Membership, ReportKind, SavedView, User
from portal.reports import orders, periods, sending
from portal.reports.orders import Wanted


def member(account, role):
    return Membership.objects.select_related("account", "user").get(account=account, role=role)


def make_view(owner, listed="sessions", query="sort=user", **fields):
    """A view of somebody's."""
    fields = {"name": "Everybody", "is_shared": True} | fields
    return SavedView.objects.create(
        account=owner.account, person=owner.user, listed=listed, query=query, **fields
    )


def order(by, kind=ReportKind.SUMMARY, readers=None, every=Every.WEEK, **more):
    readers = [by.user] if readers is None else readers
    wanted = Wanted(kind=kind, every=every, format=FileFormat.CSV, readers=readers, **more)
    return orders.order(by, wanted)


def everybody(account):
    return list(User.objects.filter(memberships__account=account))


def due_at(report):
    """When it is mailed next."""
    report.refresh_from_db()
    return periods.moment_of(report.next_on, of_account(report.account).zone)


def send(report, **later):
    """How many mails are written so much later than it is due."""
    return sending.send_due(due_at(report) + dt.timedelta(**later))


def mailed(outbox):
    """To whom mails went, with the files of each."""
    return {mail.to[0]: {one.filename: one.content for one in mail.attachments} for mail in outbox}


def last_monday():
    """Noon of the Monday of the last whole week."""
    first, _last = periods.days_before(Every.WEEK, timezone.now(), dt.UTC)
    return dt.datetime.combine(first, dt.time(12), tzinfo=dt.UTC)
