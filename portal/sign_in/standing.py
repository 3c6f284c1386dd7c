"""How somebody who signed in stands in an account, and the requests that know it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from licensing.models import Account
from portal.models import Membership, ProviderLink, User


@dataclass(frozen=True, slots=True)
class Standing:
    """A membership, with what the database was asked about it in the same query."""

    membership: Membership
    has_two_step: bool
    is_in_domain: bool
    """Whether the person's address is in a domain that the account's provider speaks for."""

    @property
    def link(self) -> ProviderLink | None:
        """Who the person is to the account's provider, if they are anybody there."""
        return getattr(self.membership, "provider_link", None)


class SignedInRequest(HttpRequest):
    """A request of somebody who signed in, as ``AccountMiddleware`` hands it on.

    ``standing`` is None for who has no account. ``is_closed`` tells that the way in which they
    signed in does not open the account: then there is neither ``account`` nor ``membership``.
    """

    user: User
    standing: Standing | None
    is_closed: bool
    membership: Membership | None
    account: Account | None


def person(request: HttpRequest) -> User:
    """Who asks, on a page that is only for those who signed in."""
    assert isinstance(request.user, User)
    return request.user
