"""Passwords in the form in which they are hashed, however a keyboard composes its letters.

As NIST SP 800-63B has it: a Mac may send ``ö`` as two characters where Windows sends one.
"""

from __future__ import annotations

import unicodedata


def as_hashed(password: str) -> str:
    """The password with composed letters (NFC)."""
    return unicodedata.normalize("NFC", password)


def spellings(password: str) -> list[str]:
    """The password in each form in which it may be hashed, as is usual now first.

    What was hashed before passwords were composed was hashed as typed, one way or the other.
    A password without marks is one.
    """
    decomposed = unicodedata.normalize("NFD", password)
    return list(dict.fromkeys([as_hashed(password), password, decomposed]))
