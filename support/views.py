"""Pages of the support desk."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect


def find(request: HttpRequest) -> HttpResponse:
    """Staff go to the records; to anybody else the support desk does not exist."""
    if not request.user.is_staff:
        raise Http404
    return redirect("admin:index")
