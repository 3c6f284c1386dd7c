"""Which rows of a list were ticked, for files and for acts on many at once."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

EVERYTHING = "1"
"""What stands under "all" where all that match are meant. Else it names tables of the page."""


def is_any(request: HttpRequest) -> bool:
    """Whether a row was ticked, or all that match the view are meant."""
    return bool(request.POST.get("all") or request.POST.getlist("chosen"))


def asked(request: HttpRequest) -> QueryDict:
    """The view's parameters, with the rows and the whole tables that were ticked, if any."""
    parameters = request.GET.copy()
    whole = request.POST.getlist("all")
    parameters.setlist("chosen", [] if EVERYTHING in whole else request.POST.getlist("chosen"))
    parameters.setlist("all", whole)
    return parameters
