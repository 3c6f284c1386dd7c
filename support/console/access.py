"""Who opens pages of the console: staff, as far as they see what a page is about."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from licensing.models import Account
from support.console.pasted_keys import led_out
from support.console.table import may_see

View = Callable[..., HttpResponseBase]
NOT_SEEN = "A character that nobody can see was left out of what was looked for."


def staff_only(view: View) -> View:
    """Let the vendor's staff through; to anybody else the console does not exist.

    They are led out of an address that holds a product key.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_staff:
            raise Http404
        if is_nonsense(request):
            return without_nul(request)
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


def seen_account(request: HttpRequest, pk: int) -> Account:
    """The account that a page is about; 404 if there is none, 403 for who sees no accounts."""
    account = get_object_or_404(Account, pk=pk)
    if not may_see(request.user, Account):
        raise PermissionDenied
    return account


def is_nonsense(request: HttpRequest) -> bool:
    """Whether there is NUL in the query, which searches hand on to the database."""
    return "%00" in request.META.get("QUERY_STRING", "")


def without_nul(request: HttpRequest) -> HttpResponse:
    """To the same page without the character, which the database takes nowhere."""
    if request.method not in ("GET", "HEAD"):
        raise SuspiciousOperation("Nothing that anybody types")
    messages.warning(request, NOT_SEEN)
    pairs = [(name, value) for name, values in request.GET.lists() for value in values]
    query = urlencode([(name.replace("\0", ""), value.replace("\0", "")) for name, value in pairs])
    return redirect(f"{request.path}?{query}")
