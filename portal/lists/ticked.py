"""Which rows of a list were ticked, for files and for acts on many at once."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict


def is_any(request: HttpRequest) -> bool:
    """Whether a row was ticked, or all that match the view are meant."""
    return bool(request.POST.get("all") or request.POST.getlist("chosen"))


def asked(request: HttpRequest) -> QueryDict:
    """The view's parameters, with the rows that were ticked, if any."""
    parameters = request.GET.copy()
    ticked = [] if request.POST.get("all") else request.POST.getlist("chosen")
    parameters.setlist("chosen", ticked)
    return parameters
