"""Revealing a product key."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from licensing import keys
from licensing.models import ProductKey
from portal.access import AccountRequest, actor, role_required
from portal.models import Role


@require_POST
@role_required(Role.MANAGER)
@reauthentication_required
def reveal(request: AccountRequest, licence_id: int, key_id: int) -> HttpResponse:
    """The product key in plain text: nowhere but in this answer, and recorded.

    A page, or ``{"value": …}`` for a script that asks for JSON. Who has not given
    their password for ten minutes is asked for it first.
    """
    of_account = ProductKey.objects.select_related("licence__product")
    key = get_object_or_404(
        of_account, pk=key_id, licence=licence_id, licence__account=request.account
    )

    product_key = keys.reveal(key, by=actor(request.user))
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"value": product_key})
    return render(request, "portal/product_key.html", {"key": key, "product_key": product_key})
