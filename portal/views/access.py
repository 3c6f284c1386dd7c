"""Who may open a page."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase

from licensing.models import Account
from portal.models import Membership, Role
from portal.sent import page_marks
from portal.sign_in.standing import SignedInRequest, Standing

View = Callable[..., HttpResponseBase]


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

        return guarded

    return decorate


def may_manage(request: AccountRequest) -> bool:
    """Whether the person may release sessions and see keys."""
    return request.membership.allows(Role.MANAGER)
