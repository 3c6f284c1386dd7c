"""States as lists show them: a word, and a colour beside it."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

LOOKS = {
    "active": "good",
    "quiet": "fair",
    "offline": "fair",
    "held": "fair",
    "suspended": "fair",
    "superseded": "fair",
    "ending": "bad",
    "revoked": "bad",
}
"""How a state looks; any other is over."""


def coloured(state: str, label: str) -> SafeString:
    """The word of a state, with its colour before it."""
    return format_html('<span class="state {}">{}</span>', LOOKS.get(state, "over"), label)
