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
UNMEANT = {"Cc", "Cf", "Mn", "Pd", "Pf", "Pi", "Zl", "Zp", "Zs"}
"""Blanks, dashes and quotes of all kinds, and what nobody sees: zero-width, soft hyphens, marks of
direction and marks upon other letters."""
ALIKE = "\"'`‚„′″‵〝〞〟˗⁃−ー"
"""Quotes and dashes that Unicode counts among other things."""
AROUND = "!#$%&()*+,./:;<=>?@[\\]^_{|}~•·。、"
"""What may stand around a key in a text."""


def cleaned(text: str) -> str:
    """A serial number or product key as it is compared: its characters, and nothing between."""
    plain = unicodedata.normalize("NFKC", meant(text))  # no mark may join a letter
    return meant(plain).strip(AROUND).upper().translate(READ_AS)


def meant(text: str) -> str:
    """The text without dashes, quotes, blanks, and what nobody sees."""
    return "".join(letter for letter in text if is_meant(letter))


def is_meant(letter: str) -> bool:
    """Whether a letter is more than a dash, a quote, a blank or something that nobody sees."""
    return letter not in ALIKE and unicodedata.category(letter) not in UNMEANT


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
