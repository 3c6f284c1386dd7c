"""Denials: who was refused a licence, why, and what became of it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from licensing import standby
from portal.lists import periods
from portal.lists.columns import layout
from portal.usage.denials import DenialList, reasons
from portal.usage.listed import DENIALS
from portal.views.access import AccountRequest, role_required
from portal.words.aliases import names_for


@require_safe
@role_required(DENIALS.role)
@standby.answers
def denials(request: AccountRequest) -> HttpResponse:
    """Everybody who was refused, or those of some licences; true denials first."""
    if settled := periods.settled(request, timezone.localdate()):
        return settled
    listed = DenialList(request.account, request.GET, names_for(request.membership))
    listed.choice.require_known()
    context = {
        "list": listed,
        "made": timezone.now(),
        "layout": layout(DENIALS.table, request),
        "reasons": reasons(),
    }
    return render(request, "portal/usage/denials.html", context)
