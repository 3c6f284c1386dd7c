"""Where in a name the words of a search are, as comparison finds them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from licensing.identity import as_compared


def marked(text: str, words: Iterable[str]) -> SafeString:
    """The text with each word of the search marked, however it is written there."""
    shown = unicodedata.normalize("NFC", str(text))
    folded, places = letters_of(shown)
    found = [as_compared(word) for word in words]
    pattern = "|".join(re.escape(word) for word in sorted(found, key=len, reverse=True) if word)
    spans = [match.span() for match in re.finditer(pattern, folded)] if pattern else []
    parts, at = [], 0
    for begin, end in spans:
        first, last = max(places[begin], at), places[end - 1] + 1
        if first < last:  # two finds may be in one letter
            parts.append((shown[at:first], shown[first:last]))
            at = last
    before = format_html_join("", "{}<mark>{}</mark>", parts)
    return format_html("{}{}", before, shown[at:])


def letters_of(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and of which of its characters each letter of that is."""
    folded = [(letter, place) for place, sign in enumerate(text) for letter in fold(sign)]
    return "".join(letter for letter, _place in folded), [place for _letter, place in folded]


def fold(sign: str) -> str:
    """One character as it is compared; a blank stays one."""
    return as_compared(sign) or sign
