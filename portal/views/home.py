"""The home page: how the account's licences stand, and what needs somebody."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.access import AccountRequest
from portal.aliases import names_for
from portal.attention import attention
from portal.overview import Overview
from portal.sentences import told


@require_safe
def home(request: AccountRequest) -> HttpResponse:
    """The account's home. Staff without an account go to the support console."""
    if request.account is None:
        if request.user.is_staff:
            return redirect("support:find")
        return render(request, "portal/no_account.html")

    overview = Overview(request.account)
    context = {
        "overview": overview,
        "attention": attention(overview),
        "events": told(overview.events, names_for(request.membership)),
    }
    return render(request, "portal/home.html", context)
