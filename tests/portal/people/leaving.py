"""The page that takes everything from somebody who leaves, filled in."""

from __future__ import annotations

URL = "/people/leaver/remove/?username=jsmith&email=jane@example.com"
EVERYTHING = {"parts": ["portal", "sessions", "devices", "block"], "reason": "Left in May"}


def ticked(page):
    """What the form sends as it is: with the names that are theirs beyond doubt."""
    fields = page.context["form"].fields
    names = {"names": fields["names"].initial} if "names" in fields else {}
    return {"seen": page.context["seen"]} | EVERYTHING | names


def take(browser, url=URL, **fields):
    return browser.post(url, ticked(browser.get(url)) | fields)
