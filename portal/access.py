"""Who may open a page."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext

from licensing.models import Account
from portal import page_marks
from portal.models import Membership, Role
from portal.standing import SignedInRequest, Standing

View = Callable[..., HttpResponseBase]
MOST_NAMES = 3


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


def whom_to_ask(account: Account, role: Role = Role.MANAGER) -> str:
    """The names of those who may do what needs this role: "Priya Shah or Tom Reed"."""
    roles = [able for able in Role if able.includes(role)]
    managing = account.memberships.filter(role__in=roles, user__is_active=True)
    people = managing.select_related("user").order_by("-role", "user__name")[:MOST_NAMES]
    names = [str(membership.user) for membership in people]
    if not names:
        return gettext("an owner of your account")
    return gettext(" or ").join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
