"""What the list of sessions shows."""

from __future__ import annotations

import datetime as dt
import html
import re

HOUR = dt.timedelta(hours=1)


def users(response):
    """Who is listed, from top to bottom."""
    return [session.username for session in response.context["list"].page]


def link(response, rel):
    """The address that a link of the pages leads to."""
    return html.unescape(re.search(f'rel="{rel}" href="([^"]+)"', response.text)[1])
