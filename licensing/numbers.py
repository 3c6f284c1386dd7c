"""What a number typed into an address or a form means: one reading for all of them.

Digits are those of ASCII alone: ``int`` and ``isdecimal`` take many more ("٣", "²").
"""

from __future__ import annotations

import re

MOST_DIGITS = 19
LARGEST = 2**63 - 1
"""What the database's ids can be."""
IN_THOUSANDS = re.compile(r"[0-9]{1,3}(?P<mark>[ ,.'\u2019\u00a0\u2009\u202f])[0-9]{3}"
                          r"(?:(?P=mark)[0-9]{3})*")  # fmt: skip


def number_in(text: str) -> int | None:
    """The whole number, not below zero, that the text is; None when it is none we can mean."""
    if not text.isascii() or not text.isdecimal() or len(text) > MOST_DIGITS:
        return None
    number = int(text)
    return number if number <= LARGEST else None


def as_plain(text: str) -> str:
    """A whole number that a person wrote, without blanks around it or marks between thousands.

    ``1 000``, ``1,000`` and ``1.000`` are ``1000``; what is none is left as it is.
    """
    text = text.strip()
    found = IN_THOUSANDS.fullmatch(text)
    return text.replace(found["mark"], "") if found else text


def as_signed(text: str) -> str:
    """The same, where a sign may stand before it: ``+ 2`` is ``+2``, a printed minus a hyphen."""
    text = text.strip().replace("\u2212", "-").replace("\u2013", "-")
    sign, rest = (text[0], text[1:]) if text[:1] in ("+", "-") else ("", text)
    return sign + as_plain(rest)
