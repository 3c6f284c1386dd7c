"""A page's rows as a command: what a program would send for them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse

from licensing.api import parsers
from portal import periods
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
    asked = {name: as_text(value) for name, value in filters.items() if value}
    known = {name: text for name, text in asked.items() if is_known(listed, name, text)}
    address = settings.BASE_URL + reverse(f"account_api:{listed}", query=known or None)
    return f'curl -H "Authorization: Bearer $LICENSING_TOKEN" "{address}"'


def as_text(value: object) -> str:
    """A page's filter as the API wants it: of a day, the moment when it begins."""
    return periods.start_of(value).isoformat() if isinstance(value, dt.date) else str(value)


def is_known(listed: str, name: str, text: str) -> bool:
    """Whether the API can filter by this too."""
    return not list(parsers.problems_in(as_asked({name: text}), QUERIES[listed]))
