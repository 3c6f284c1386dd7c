"""Serial numbers and product keys as people type or paste them.

Both are written in 32 characters without I, L, O and U, in groups, and end in two check
characters: read as a number in base 32, the last two are the remainder of the others divided
by 1021. So a typing error is found before anybody is asked.
"""

from __future__ import annotations

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MODULUS = 1021
READ_AS = str.maketrans("OIL", "011")
SERIAL_LENGTH, SERIAL_GROUP = 12, 4
KEY_LENGTH, KEY_GROUP = 30, 5
UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}
"""Blanks of all kinds, and what nobody sees: zero-width, soft hyphens, marks of direction."""
DASHES_AND_QUOTES = {"Pd", "Pi", "Pf"}
ALIKE = "\"'`\u0301‚„−⁃˗"
"""Quotes, and what looks like a dash, that Unicode counts among other things. The accent is what
NFKC leaves of one that was typed for a quote."""


def cleaned(text: str) -> str:
    """A serial number or product key as it is compared: its characters, and nothing between."""
    kept = [letter for letter in unicodedata.normalize("NFKC", text) if is_character(letter)]
    return "".join(kept).rstrip(".,").upper().translate(READ_AS)


def is_character(letter: str) -> bool:
    """Whether a letter belongs to the key, and not to the text around it."""
    return letter not in ALIKE and unicodedata.category(letter) not in UNSEEN | DASHES_AND_QUOTES


def is_same(serial_number: str, other: str) -> bool:
    """Whether two serial numbers differ by no more than how they were typed."""
    return cleaned(serial_number) == cleaned(other)


def serial_number(text: str) -> str | None:
    """A serial number as the service writes it, or None if it cannot be one."""
    return written(cleaned(text), SERIAL_LENGTH, SERIAL_GROUP)


def product_key(text: str) -> str | None:
    """A product key as the service writes it, or None if it cannot be one."""
    return written(cleaned(text), KEY_LENGTH, KEY_GROUP)


def written(plain: str, length: int, group: int) -> str | None:
    """The characters in groups, or None if they are too many, too few, or do not check."""
    if len(plain) != length or set(plain) - set(ALPHABET):
        return None
    if check_characters(plain[:-2]) != plain[-2:]:
        return None
    return "-".join(plain[start : start + group] for start in range(0, length, group))


def check_characters(text: str) -> str:
    """The two characters that make a typing error in ``text`` show."""
    number = 0
    for letter in text:
        number = (number * 32 + ALPHABET.index(letter)) % MODULUS
    return ALPHABET[number // 32] + ALPHABET[number % 32]
