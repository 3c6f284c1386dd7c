"""What must not stand in an address of Django's admin, and is refused first."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.admin.options import TO_FIELD_VAR
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from support.console.pasted_keys import led_out

View = Callable[..., HttpResponseBase]


def refusing_nonsense(admin_view: Callable[..., View]) -> Callable[..., View]:
    """The same wrapper of the admin's pages, which answer 400 to an address that is nonsense.

    They lead out of one that holds a product key.
    """

    def wrapped(view: View, cacheable: bool = False) -> View:
        page = admin_view(view, cacheable)

        @functools.wraps(page)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if is_nonsense(request):
                raise SuspiciousOperation("Nothing that the admin's pages would ask for")
            return led_out(request) or page(request, *args, **kwargs)

        return guarded

    return wrapped


def is_nonsense(request: HttpRequest) -> bool:
    """Whether there is NUL in the query, which filters hand on to the database, or an empty
    name of a field to go by, which Django takes for a field's.
    """
    if "%00" in request.META.get("QUERY_STRING", ""):
        return True
    return "" in (request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR))
