"""The home page: how the account's licences stand, and what needs somebody."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from licensing.models import Account
from portal.home import snoozes
from portal.home.attention import Attention, attention
from portal.home.first_steps import FIRST_STEPS, Step, first_steps
from portal.home.overview import Overview
from portal.models import Role
from portal.views import visiting
from portal.views.access import AccountRequest, role_required, sees_as_manager
from portal.words.aliases import names_for
from portal.words.sentences import told

ALM_TOLD_FOR = dt.timedelta(days=7)
"""So long after the last day of an account's ALM codes Home still says so."""


@require_safe
def home(request: AccountRequest) -> HttpResponse:
    """The account's home. Staff without an account go to the support console."""
    if request.account is None:
        if request.user.is_staff:
            return redirect("support:find")
        return render(request, "portal/home/no_account.html")

    overview = Overview(request.account)
    snoozed = snoozes.snoozed(request.membership)
    found = attention(overview, request.membership)
    shown = [item for item in found if item.name not in snoozed]
    steps = first_steps(request.standing)
    hides_steps = bool(steps) and FIRST_STEPS in snoozed
    context = {
        "overview": overview,
        "attention": leading_on(request, shown),
        "snoozed": len(found) - len(shown) + hides_steps,
        "steps": [] if hides_steps else leading_on(request, steps),
        "first_steps": FIRST_STEPS,
        "may_see_audit": sees_as_manager(request),
        "alm_end": end_of_alm(request.account) if sees_as_manager(request) else None,
        "events": told(overview.events, names_for(request.membership)),
    }
    return render(request, "portal/home/home.html", context)


def end_of_alm(account: Account) -> dt.date | None:
    """The last day of the codes of the account's own ALM, until a week after it."""
    end: dt.date | None = account.alm_codes_end_on
    today = account.local(timezone.now()).date()
    return end if end and end > today - ALM_TOLD_FOR else None


def leading_on[T: (Attention, Step)](request: AccountRequest, items: list[T]) -> list[T]:
    """The same, without the addresses of pages that support may not see."""
    shown = partial(visiting.leads_on, request)
    return [item if shown(item.url) else replace(item, url="") for item in items]


@require_POST
@role_required(Role.VIEWER)
def snooze(request: AccountRequest) -> HttpResponse:
    """Put off one thing that needs attention, for this person and seven days."""
    name = request.POST.get("name", "")
    known = attention(Overview(request.account), request.membership)
    if name not in {item.name for item in known} | {FIRST_STEPS}:
        raise Http404
    text = _("Hidden for 7 days. Nobody else's page changes.")
    if snoozes.snooze(request.membership, name):
        text = _("Hidden for 7 days, under Alerts too. Nobody else's page changes.")
    messages.success(request, text)
    return redirect("portal:home")


@require_POST
@role_required(Role.VIEWER)
def wake(request: AccountRequest) -> HttpResponse:
    """Show everything again that this person put off."""
    snoozes.wake(request.membership)
    return redirect("portal:home")
