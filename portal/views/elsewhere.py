"""What an address names in another of a person's own accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from licensing.models import Account, ClientSession, Licence
from licensing.numbers import number_in
from portal.models import CustomerRequest, Export, User
from portal.sign_in import ways_in

Rows = Callable[[User], QuerySet[Any]]

NAMED: dict[str, tuple[Rows, str | Promise]] = {
    "licence_id": (
        lambda person: Licence.objects.all(),
        gettext_lazy("This licence belongs to %(account)s."),
    ),
    "session_id": (
        lambda person: ClientSession.every.all(),
        gettext_lazy("This session belongs to %(account)s."),
    ),
    "request_id": (
        lambda person: CustomerRequest.objects.all(),
        gettext_lazy("This request belongs to %(account)s."),
    ),
    "export_id": (
        lambda person: Export.objects.ended().filter(person=person),
        gettext_lazy("This file belongs to %(account)s."),
    ),
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
    asked = match.kwargs or licence_of_list(request)
    theirs = ways_in.accounts(request)
    for name, (rows, sentence) in NAMED.items():
        if name not in asked:
            continue
        found = rows(membership.user).filter(pk=asked[name])
        others = theirs.exclude(pk=membership.account_id)
        account = others.filter(pk__in=found.values("account")).first()
        return Elsewhere(account, sentence % {"account": account}) if account else None
    return None


def licence_of_list(request: HttpRequest) -> dict[str, int]:
    """The licence to which a list's address narrows it, if that can be one."""
    licence = number_in(request.GET.get("licence", ""))
    return {} if licence is None else {"licence_id": licence}
