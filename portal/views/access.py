"""Who may open a page, and by which methods."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.views.decorators.http import require_http_methods

from licensing.models import Account
from portal.models import Membership, Role
from portal.sent import page_marks
from portal.sign_in import landing
from portal.sign_in.standing import SignedInRequest, Standing, visit_of

View = Callable[..., HttpResponseBase]

IS_OPEN_WHILE_CLOSED = "is_open_while_closed"
IS_OPEN_WITHOUT_TWO_STEP = "is_open_without_two_step"
IS_OF_ONES_OWN_WAY = "is_of_ones_own_way"
"""What a view is marked with, as Django's ``login_not_required`` marks it; read by middleware."""

require_safe_or_post = require_http_methods(["GET", "HEAD", "POST"])
"""Decorator for a page with a form that is sent to the page itself."""


class AccountRequest(SignedInRequest):
    """A request of somebody who holds an account, as ``role_required`` lets it through."""

    standing: Standing
    membership: Membership
    account: Account


def role_required(role: Role) -> Callable[[View], View]:
    """Let only people through who have at least this role in the request's account.

    Without an account there is nothing to see (404); what a page of another account sent is
    refused (409, see ``stale_pages``); with too small a role it is forbidden (403). Everything
    a page shows is reached through ``request.account``.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: AccountRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.membership is None:
                raise Http404
            if not page_marks.is_of_this_page(request):
                raise page_marks.StalePageError
            if not request.membership.allows(role):
                raise PermissionDenied(role)
            return view(request, *args, **kwargs)

        setattr(guarded, landing.NEEDS_ROLE, role)
        return guarded

    return decorate


def may_manage(request: AccountRequest) -> bool:
    """Whether the person may release sessions and see keys; support that only looks may not."""
    return sees_as_manager(request) and visit_of(request) is None


def sees_as_manager(request: AccountRequest) -> bool:
    """Whether the person sees what managers see."""
    return request.membership.allows(Role.MANAGER)


def open_while_closed[V: View](view: V) -> V:
    """Let people in to whom the way that they signed in does not open their account."""
    setattr(view, IS_OPEN_WHILE_CLOSED, True)
    return view


def open_without_two_step[V: View](view: V) -> V:
    """Let people in who must set up two-step sign-in first, and those of a closed account too."""
    setattr(view, IS_OPEN_WITHOUT_TWO_STEP, True)
    return open_while_closed(view)


def of_ones_own_way[V: View](view: V) -> V:
    """Let only people in who signed in by a way of their own, which they change here."""
    setattr(view, IS_OF_ONES_OWN_WAY, True)
    return view


def is_marked(view: View, mark: str) -> bool:
    """Whether the view has the mark; one that has not is as closed as can be."""
    return bool(getattr(view, mark, False))


def marked[P: URLPattern | URLResolver](mark: Callable[[View], View], pattern: P) -> P:
    """An address, or all that are included at it, with every view marked: another package's."""
    if isinstance(pattern, URLResolver):
        for below in pattern.url_patterns:
            marked(mark, below)
    else:
        mark(pattern.callback)
    return pattern
