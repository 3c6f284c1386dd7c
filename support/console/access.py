"""Who opens pages of the console: staff, as far as they see what a page is about."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponseBase

from support.console.pasted_keys import led_out

View = Callable[..., HttpResponseBase]


def staff_only(view: View) -> View:
    """Let the vendor's staff through; to anybody else the console does not exist.

    They are led out of an address that holds a product key.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_staff:
            raise Http404
        if is_nonsense(request):
            raise SuspiciousOperation("Nothing that anybody reads out")
        return led_out(request) or view(request, *args, **kwargs)

    return guarded


def right_required(right: str) -> Callable[[View], View]:
    """Let only staff through who have the right; to anybody else the console does not exist."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_staff:
                raise Http404
            if not request.user.has_perm(right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def is_nonsense(request: HttpRequest) -> bool:
    """Whether there is NUL in the query, which searches hand on to the database."""
    return "%00" in request.META.get("QUERY_STRING", "")
