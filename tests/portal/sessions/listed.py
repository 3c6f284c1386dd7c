"""What the list of sessions shows."""

from __future__ import annotations

import datetime as dt
import html
import re

from django.http import QueryDict

from portal.sessions.active import SessionList
from portal.words.aliases import Names

HOUR = dt.timedelta(hours=1)


def users(response):
    """Who is listed, from top to bottom."""
    return [session.username for session in response.context["list"].page]


def link(response, rel):
    """The address that a link of the pages leads to."""
    return html.unescape(re.search(f'rel="{rel}" href="([^"]+)"', response.text)[1])


def listed(account, **asked):
    """Who is listed of an account where an address asks for this, without a page around them."""
    parameters = QueryDict(mutable=True)
    parameters.update({name: str(value) for name, value in asked.items()})
    rows = SessionList(account, parameters, Names(account, are_aliases=False)).rows
    return [session.username for session in rows]
