"""The reports of an account that somebody ordered or gets."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from licensing.models import Account
from licensing.usage.working_time import of_account
from portal.models import Report, Role, SecretAddress
from portal.reports import orders, periods
from portal.reports.readers import Readers, heading_for, in_words
from portal.sign_in import secret_addresses
from portal.sign_in.standing import visit_of
from portal.views.access import AccountRequest, role_required


@require_safe
@role_required(Role.VIEWER)
def reports(request: AccountRequest) -> HttpResponse:
    """Each with who gets it, when next, and what may be done with it."""
    found = orders.seen_by(request.membership)
    readers = Readers(request.account.pk)
    rows = [listed_report(request, report, readers) for report in found]
    feed = secret_addresses.of(request.membership, SecretAddress.Kind.CALENDAR)
    context = {"rows": rows, "feed": feed}
    return render(request, "portal/reports/reports.html", context)


def listed_report(request: AccountRequest, report: Report, readers: Readers) -> dict[str, Any]:
    """A report with what its row says."""
    return {
        "report": report,
        "name": heading_for(request.membership, report),
        "readers": in_words(readers.reached(report)),
        "missed": in_words(readers.missed(report)),
        "next_at": next_at(request.account, report),
        "may_change": not visit_of(request) and orders.may_change(request.membership, report),
    }


def next_at(account: Account, report: Report) -> object:
    """When it is mailed next; None while it is paused."""
    if report.paused_at:
        return None
    return periods.moment_of(report.next_on, of_account(account).zone)
