"""Who may open a page, and who did what."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from licensing.audit import Actor
from portal.models import Role, User

View = Callable[..., HttpResponse]


def role_required(role: Role) -> Callable[[View], View]:
    """Let only people through who have at least this role in the request's account.

    Without an account there is nothing to see (404); with too small a role it is
    forbidden (403). Everything a page shows is reached through ``request.account``.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            membership = request.membership  # type: ignore[attr-defined]
            if membership is None:
                raise Http404
            if not membership.allows(role):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def actor(user: User) -> Actor:
    """The person, as the audit record names them for good."""
    return Actor("support" if user.is_staff else "person", str(user.pk), f"{user.name} <{user.email}>")
