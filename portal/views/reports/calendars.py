"""The calendar of what ends: its secret address, and what is read there."""

from __future__ import annotations

import hashlib

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.mail import mails
from portal.models import Role
from portal.reports import calendars
from portal.views.access import (
    AccountRequest,
    open_while_closed,
    require_safe_or_post,
    role_required,
)
from portal.views.acts import Act, carry_out
from portal.views.confirmations import confirmation_required


@login_not_required
@open_while_closed
@require_safe
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """What ends, for a calendar program that knows the address; 304 while nothing changed."""
    found = calendars.find(code)
    if found is None:
        raise Http404
    feed, membership = found
    with mails.read_by(membership.user.email, membership.account):
        text = calendars.written(feed, membership)
    etag = quote_etag(hashlib.sha256(text).hexdigest()[:32])
    answer = HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={
            "ETag": etag,
            "Cache-Control": "private, no-cache",
            "Content-Disposition": 'inline; filename="licences.ics"',
        },
    )
    return get_conditional_response(request, etag=etag, response=answer) or answer


@never_cache
@require_safe_or_post
@role_required(Role.VIEWER)
@confirmation_required
def make_calendar(request: AccountRequest) -> HttpResponse:
    """Make a secret address and show it, in this answer and never again."""
    act = Act(
        title=_("Make your calendar's address"),
        effects=[
            _(
                "Calendar programs read there the last days of licences; an owner's also those of "
                "API tokens and of the sign-in service's certificates."
            ),
            _("Whoever has the address reads them too. An address of before works no more."),
        ],
        button=_("Make address"),
        back=reverse("portal:reports"),
    )

    def do(_form: forms.Form) -> HttpResponse:
        address = calendars.make(request.membership)
        return render(request, "portal/reports/calendar.html", {"address": address})

    return carry_out(request, act, forms.Form(request.POST), do)


@require_safe_or_post
@role_required(Role.VIEWER)
def remove_calendar(request: AccountRequest) -> HttpResponse:
    """Let nobody read it any more."""
    act = Act(
        title=_("Remove your calendar's address?"),
        effects=[_("Calendars that read it get nothing new. What they have read stays in them.")],
        button=_("Remove address"),
        back=reverse("portal:reports"),
    )

    def do(_form: forms.Form) -> str:
        removed = calendars.remove(request.membership)
        return _("The address is removed.") if removed else _("There was none.")

    return carry_out(request, act, forms.Form(request.POST), do)
