"""The one door to what staff do to records: ``acts/licence/seats/?id=…``, for one or several."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from portal.views import confirmations
from portal.views.access import require_safe_or_post
from support.console import tables
from support.console.access import staff_only
from support.console.act_steps import ActPage


@require_safe_or_post
@staff_only
def act(request: HttpRequest, table: str, name: str) -> HttpResponseBase:
    """Ask for the reason, tell what the act will do and to whom, do it."""
    found = tables.named(table)
    wanted = found.act_named(name)
    if not found.may(request.user, wanted):
        raise PermissionDenied
    if wanted.is_sensitive and not confirmations.is_confirmed(request):
        return confirmations.ask_first(request)
    ids = set(request.GET.getlist("id"))
    records = [found.model()] if wanted.makes else found.records_with(ids)
    return ActPage(found, request, wanted, records).answer()
