"""How a person signed in, as their session remembers it, and which accounts that opens.

There is a person's own way, with a password, a passkey or a mailed code; it opens all their
accounts but those that require single sign-on of them. And there is each account's
provider, which opens that account alone: nobody else's owners ever trusted it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows.login import (
    clear_authentication_records,
    get_authentication_records,
)
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, When, Window
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from licensing.models import Account
from licensing.models.spelling import Alphabetical
from portal.models import Alert, Membership, ProviderLink, Role
from portal.sign_in.standing import Standing, person
from portal.sign_in.written_once import WrittenOnce

CHOSEN_ACCOUNT = "account"


IS_OWN = "own_way"
LINKS = "provider_links"
WITHOUT_PROVIDER = "without_provider"
PROOFS = ("password", "mfa")
"""As allauth calls what nobody but the person has; a passkey is of the second kind."""


def memberships_of(user: int, chosen: int) -> QuerySet[Any]:
    """The person's memberships, that of the chosen account first, with what a standing tells."""
    chosen_first = Case(When(account=chosen, then=0), default=1)
    return (
        Membership.objects.filter(user=user)
        .select_related(
            "user__preferences", "account__preferences", "account__single_sign_on", "provider_link"
        )
        .annotate(held=Window(Count("pk")), open_alerts=open_alerts())
        .order_by(chosen_first, Alphabetical("account__name"))
    )


def open_alerts() -> Coalesce:
    """How many open alerts a membership's person sees: every page tells."""
    seen = Alert.objects.seen_by(OuterRef("user"), OuterRef("role"))
    of_account = seen.filter(account=OuterRef("account")).order_by().values("account")
    return Coalesce(Subquery(of_account.annotate(n=Count("pk")).values("n")), 0)


ALL_OF_THEM = WrittenOnce(memberships_of, numbers=2)


def standing_of(request: HttpRequest) -> Standing | None:
    """In the account that the person switched to, else their first of which pages may tell."""
    user, chosen = person(request).pk, request.session.get(CHOSEN_ACCOUNT, 0)
    if has_own(request.session):
        found = ALL_OF_THEM.first(user, chosen)
    else:
        told = Q(account=chosen) | Q(account__in=accounts(request))
        found = memberships_of(user, chosen).filter(told).first()
    if found is None:
        return None
    return Standing(found, has_others=found.held > 1, open_alerts=found.open_alerts)


def needs_provider(standing: Standing) -> bool:
    """Whether the account requires single sign-on of the person; never of the vendor's staff."""
    membership = standing.membership
    single = getattr(membership.account, "single_sign_on", None)
    is_required = single is not None and single.required_at is not None
    return is_required and standing.is_in_domain and not membership.user.is_staff


def has_own(session: SessionBase) -> bool:
    """Whether the person signed in by a way of their own."""
    return bool(session.get(IS_OWN, True))


def is_by_provider(session: SessionBase, standing: Standing) -> bool:
    """Whether the person came in through this account's provider, as who they still are there."""
    seen = session.get(LINKS, {}).get(str(standing.membership.account_id))
    return standing.link is not None and seen == standing.link.pk


def opens(session: SessionBase, standing: Standing) -> bool:
    """Whether the way that the person signed in opens this account."""
    if is_by_provider(session, standing):
        return True
    if not has_own(session):
        return False
    return not needs_provider(standing) or is_without_provider(session, standing.membership)


def is_without_provider(session: SessionBase, membership: Membership) -> bool:
    """Whether an owner opened the account in an emergency, and still owns it."""
    opened = session.get(WITHOUT_PROVIDER, [])
    return membership.role == Role.OWNER and membership.account_id in opened


def accounts(request: HttpRequest) -> QuerySet[Account]:
    """Those of the person's accounts of which a page of another one may tell.

    Whoever came in by providers alone hears only of what those opened.
    """
    theirs = Account.objects.filter(memberships__user=person(request))
    if has_own(request.session):
        return theirs
    return theirs.filter(pk__in=request.session.get(LINKS, {}))


def used_two_step(request: HttpRequest) -> bool:
    """Whether the person gave a second step, or a passkey, in this session."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def gave_proof(request: HttpRequest) -> bool:
    """Whether the person gave what is theirs in the last ten minutes, as they signed in or since.

    Of who has a password or a second step that is one of these: whoever reads their mail has the
    mailed code too.
    """
    records = get_authentication_records(request, request.user)
    if get_reauthentication_flows(request.user):
        return is_of_late(one for one in records if one.get("method") in PROOFS)
    return is_of_late(records)


def is_of_late(records: Iterable[dict[str, Any]]) -> bool:
    """Whether the last time that the person gave proof is less than ten minutes ago."""
    times: list[float] = [record["at"] for record in records]
    return bool(times) and time.time() - times[-1] < app_settings.REAUTHENTICATION_TIMEOUT


def begin_by_provider(request: HttpRequest, link: ProviderLink) -> None:
    """Remember, for somebody just signed in, that they came through the provider alone."""
    request.session[IS_OWN] = False
    add_provider(request.session, link)


def forget_half_steps(request: HttpRequest) -> None:
    """Leave nothing of another way that somebody began and did not finish."""
    clear_authentication_records(request)


def add_provider(session: SessionBase, link: ProviderLink) -> None:
    """Remember that the person came through the provider too."""
    session[LINKS] = session.get(LINKS, {}) | {str(link.single_id): link.pk}


def open_without_provider(session: SessionBase, membership: Membership) -> None:
    """Open the account for its owner in this session, in an emergency."""
    session[WITHOUT_PROVIDER] = [*session.get(WITHOUT_PROVIDER, []), membership.account_id]
