"""What a number typed into an address or a form means: one reading for all of them.

Digits are those of ASCII alone: ``int`` and ``isdecimal`` take many more ("٣", "²").
"""

from __future__ import annotations

MOST_DIGITS = 19
LARGEST = 2**63 - 1
"""What the database's ids can be."""


def number_in(text: str) -> int | None:
    """The whole number, not below zero, that the text is; None when it is none we can mean."""
    if not text.isascii() or not text.isdecimal() or len(text) > MOST_DIGITS:
        return None
    number = int(text)
    return number if number <= LARGEST else None
