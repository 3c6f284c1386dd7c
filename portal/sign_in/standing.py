"""How somebody who signed in stands in an account, and the requests that know it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from licensing.models import Account
from portal.models import Membership, ProviderLink, User, VerifiedDomain, Visit
from portal.sign_in import two_step


@dataclass(frozen=True)
class Standing:
    """A membership, with what an account that asks for it must know of the person besides.

    Few accounts do, and each page is asked for with a standing: so the database is asked when
    somebody wants to know, and once.
    """

    membership: Membership
    has_others: bool
    """Whether the person holds other accounts, of which pages of this one may tell."""
    open_alerts: int = 0
    """How many open alerts of the account the person sees and has not put off."""

    @cached_property
    def has_two_step(self) -> bool:
        """Whether the person has two-step sign-in."""
        return two_step.has(self.membership.user)

    @cached_property
    def is_in_domain(self) -> bool:
        """Whether the person's address is in a domain that the account's provider speaks for."""
        verified = VerifiedDomain.objects.of(self.membership.user.email)
        return verified.filter(account=self.membership.account).exists()

    @property
    def link(self) -> ProviderLink | None:
        """Who the person is to the account's provider, if they are anybody there."""
        return getattr(self.membership, "provider_link", None)


class SignedInRequest(HttpRequest):
    """A request of somebody who signed in, as ``AccountMiddleware`` hands it on.

    ``standing`` is None for who has no account. ``is_closed`` tells that the way in which they
    signed in does not open the account: then there is neither ``account`` nor ``membership``.
    ``visit`` is there while the vendor's support sees the account as its owner does.
    """

    user: User
    standing: Standing | None
    is_closed: bool
    membership: Membership | None
    account: Account | None
    visit: Visit | None


def visit_of(request: HttpRequest) -> Visit | None:
    """The visit that the request belongs to, if it is the vendor's support that only looks."""
    return getattr(request, "visit", None)


def person(request: HttpRequest) -> User:
    """Who asks, on a page that is only for those who signed in."""
    assert isinstance(request.user, User)
    return request.user
