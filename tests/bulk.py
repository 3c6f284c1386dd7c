"""Acting on many rows of a list as a browser does: what was ticked, then the page that asks."""

from __future__ import annotations


def ask(address, browser, query="", **sent):
    """Send the list's own form: the page that asks."""
    return browser.post(f"{address}?{query}", sent)


def confirm(address, browser, page, query="", **sent):
    """Send the form of that page."""
    return ask(address, browser, query, seen=page.context["seen"], **sent)
