"""What an account's SAML provider and the portal say to each other through people's browsers."""

from __future__ import annotations

import functools

from allauth.core import ratelimit
from allauth.socialaccount.sessions import LoginSession
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from portal.models import Protocol, SingleSignOn
from portal.sso import saml
from portal.views.sso.coming_back import came_back

KEPT = "saml_answer"
LONGEST = 100_000
"""Characters of an answer; most have a tenth."""
KEPT_FOR = 300
"""Seconds in which the browser has to fetch what it posted."""


@login_not_required
@require_safe
def metadata(request: HttpRequest, account_id: int) -> HttpResponse:
    """What a provider of the account needs to know of the portal, whether or not it has one."""
    return HttpResponse(saml.own_metadata(account_id), content_type="application/samlmetadata+xml")


@csrf_exempt
@login_not_required
@require_POST
def keep(request: HttpRequest, account_id: int) -> HttpResponse:
    """Keep what the provider had the browser post, and have the browser come for it.

    A post that another site begins brings no cookie of ours (SameSite), what follows it does.
    """
    get_object_or_404(SingleSignOn, account=account_id, protocol=Protocol.SAML)
    if refused := ratelimit.consume_or_429(request, action="saml_answer"):
        return refused
    response = redirect("saml_answered", account_id)
    kept = LoginSession(request, KEPT, KEPT)
    kept.store[KEPT] = request.POST.get("SAMLResponse", "")[:LONGEST]
    kept.store.set_expiry(KEPT_FOR)
    kept.save(response)
    response.cookies[KEPT]["httponly"] = True
    return response


@login_not_required
@require_safe
def answered(request: HttpRequest, account_id: int) -> HttpResponseBase:
    """Back from a SAML provider; who began there, by a tile, is asked to go on from here."""
    kept = LoginSession(request, KEPT, KEPT)
    text = kept.store.get(KEPT, "")
    kept.delete()
    try:
        return came_back(request, functools.partial(saml.come_back, request, account_id, text))
    except saml.NotAsked:
        return redirect("provider_login", account_id)
