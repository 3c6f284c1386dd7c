"""A page's rows as a command: what a program would send for them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from licensing.api import parsers
from portal.api.queries import (
    AuditQuery,
    DenialQuery,
    KeyQuery,
    LicenceQuery,
    ListQuery,
    SessionQuery,
    as_asked,
)

QUERIES: dict[str, type[ListQuery]] = {
    "licences": LicenceQuery,
    "keys": KeyQuery,
    "sessions": SessionQuery,
    "denials": DenialQuery,
    "audit": AuditQuery,
    "people": ListQuery,
}


def command(listed: str, filters: dict[str, Any]) -> str:
    """The command that reads this list, with those of the page's filters that the API knows.

    It holds no token: the shell's variable LICENSING_TOKEN has to.
    """
    known = {name: str(value) for name, value in filters.items() if is_known(listed, name, value)}
    address = settings.BASE_URL + reverse(f"account_api:{listed}", query=known or None)
    return f'curl -H "Authorization: Bearer $LICENSING_TOKEN" "{address}"'


def is_known(listed: str, name: str, value: Any) -> bool:
    """Whether the page filters by this at all, and the API can too."""
    if not value:
        return False
    return not list(parsers.problems_in(as_asked({name: str(value)}), QUERIES[listed]))
