"""A page's rows as a command: what a program would send for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse


def command(listed: str, filters: Mapping[str, object]) -> str:
    """The command that reads this list with all of the page's filters, each as the API is asked.

    It holds no token: the shell's variable LICENSING_TOKEN has to.
    """
    asked = {name: as_text(value) for name, value in filters.items() if value not in (None, "")}
    address = settings.BASE_URL + reverse(f"account_api:{listed}", query=asked or None)
    return f'curl -H "Authorization: Bearer $LICENSING_TOKEN" "{address}"'


def as_text(value: object) -> str:
    """A filter as it is written in an address."""
    return value.isoformat() if isinstance(value, dt.datetime) else str(value)
