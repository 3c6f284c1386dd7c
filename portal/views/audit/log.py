"""The audit log: every change to the account, and the proof that nobody altered the record."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from licensing import audit, standby
from portal.audit.listed import AUDIT
from portal.audit.log import AuditLog, kinds
from portal.lists import periods
from portal.models import Role
from portal.views.access import AccountRequest, role_required
from portal.words.aliases import names_for

MOST_BREAKS = 5


@require_safe
@role_required(AUDIT.role)
@standby.answers
def log(request: AccountRequest) -> HttpResponse:
    """What people, tokens, the system and the vendor's staff changed, the last first."""
    if settled := periods.settled(request, timezone.localdate()):
        return settled
    listed = AuditLog(request.account, request.GET, names_for(request.membership))
    return render(request, "portal/audit/log.html", {"log": listed, "kinds": kinds()})


@require_POST
@role_required(Role.MANAGER)
def verify(request: AccountRequest) -> HttpResponse:
    """Check the chain of the account's whole record and say what came of it."""
    entries, broken = audit.verify(request.account)
    if broken:
        messages.error(request, broken_at(broken))
    else:
        messages.success(request, unbroken(entries))
    return redirect("portal:audit")


def unbroken(entries: int) -> str:
    """That every entry fits the one before it."""
    text = ngettext("Unbroken, %(n)s entry.", "Unbroken, %(n)s entries.", entries)
    return text % {"n": number_format(entries, use_l10n=True, force_grouping=True)}


def broken_at(numbers: list[int]) -> str:
    """At which entries the record is not what was written; the first few of many."""
    text = ngettext(
        "The record is broken at entry %(numbers)s: it was altered, or one before it is missing. "
        "Please tell our support.",
        "The record is broken in %(n)s places, first at entry %(numbers)s: entries were altered "
        "or are missing. Please tell our support.",
        len(numbers),
    )
    return text % {"n": len(numbers), "numbers": ", ".join(map(str, numbers[:MOST_BREAKS]))}
