"""What an address names in another of a person's own accounts."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Model
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from licensing.models import Account, ClientSession, Licence
from portal.models import CustomerRequest

NAMED: dict[str, tuple[type[Model], str | Promise]] = {
    "licence_id": (Licence, gettext_lazy("This licence belongs to %(account)s.")),
    "session_id": (ClientSession, gettext_lazy("This session belongs to %(account)s.")),
    "request_id": (CustomerRequest, gettext_lazy("This request belongs to %(account)s.")),
}
"""What each part of a page's address names, and how the page says whose it is."""


class Elsewhere(NamedTuple):
    """Another account of the person, and the sentence that what they look for is there."""

    account: Account
    sentence: str


def look(request: HttpRequest) -> Elsewhere | None:
    """In which account of theirs the row is that a page did not find; None if in none."""
    match, membership = request.resolver_match, getattr(request, "membership", None)
    if membership is None or match is None or match.app_name != "portal":
        return None
    theirs = Account.objects.filter(memberships__user=membership.user_id)
    for name, (model, sentence) in NAMED.items():
        if name not in match.kwargs:
            continue
        others = theirs.exclude(pk=membership.account_id)
        rows = model._default_manager.filter(pk=match.kwargs[name])
        account = others.filter(pk__in=rows.values("account")).first()
        return Elsewhere(account, sentence % {"account": account}) if account else None
    return None
