"""Where in a name the words of a search are, as comparison finds them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from licensing.names import SPELLINGS, spellings


def marked(text: str, words: Iterable[str]) -> SafeString:
    """The text with each word of the search marked, however it is written there."""
    shown = unicodedata.normalize("NFC", str(text))
    looked_for = {spelling for word in words for spelling in spellings(word) if spelling}
    parts, at = [], 0
    for first, last in places_of(looked_for, shown):
        begin = max(first, at)
        if begin < last:  # two finds may be in one letter
            parts.append((shown[at:begin], shown[begin:last]))
            at = last
    before = format_html_join("", "{}<mark>{}</mark>", parts)
    return format_html("{}{}", before, shown[at:])


def places_of(words: Iterable[str], text: str) -> list[tuple[int, int]]:
    """From where to where one of the words stands in the text, in any spelling of that."""
    pattern = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    if not pattern:
        return []
    found = set()
    for spell in SPELLINGS:
        spelt, places = letters_of(text, spell)
        for match in re.finditer(pattern, spelt):
            found.add((places[match.start()], places[match.end() - 1] + 1))
    return sorted(found)


def letters_of(text: str, spell: Callable[[str], str]) -> tuple[str, list[int]]:
    """The text as it is spelt, and of which of its characters each letter of that is.

    A blank stays one.
    """
    spelt = [(letter, place) for place, sign in enumerate(text) for letter in spell(sign) or sign]
    return "".join(letter for letter, _place in spelt), [place for _letter, place in spelt]
