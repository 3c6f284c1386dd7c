"""The licence position, to print and sign."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.licences.position import position_of
from portal.models import Role
from portal.views.access import AccountRequest, role_required


@require_safe
@role_required(Role.VIEWER)
def position(request: AccountRequest) -> HttpResponse:
    """Each licence with its user limit and use at this moment, on A4."""
    pools, single = position_of(request.account)
    context = {"pools": pools, "single": single, "now": timezone.now()}
    return render(request, "portal/licences/position.html", context)
