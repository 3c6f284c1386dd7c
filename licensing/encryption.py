"""Secrets that must be read again: encrypted with the first of our keys, decrypted with all.

Where they are kept is listed once, in ``portal/upkeep/encrypted.py``.
"""

from __future__ import annotations

import functools

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SecretLost(Exception):
    """No key that we have opens the secret; whoever wants it is told so in words."""


def encrypt(text: str) -> bytes:
    """The text as it is stored."""
    return ciphers()[1].encrypt(text.encode())


def decrypt(stored: bytes) -> str:
    """The text that was encrypted. Raise SecretLost when it was with a key that is gone."""
    try:
        return ciphers()[1].decrypt(stored).decode()
    except InvalidToken:
        raise SecretLost from None


def is_under_first_key(stored: bytes) -> bool:
    """Whether the first key alone opens it, so that no older one is needed."""
    try:
        ciphers()[0].decrypt(stored)
    except InvalidToken:
        return False
    return True


def ciphers() -> tuple[Fernet, MultiFernet]:
    """The first key's cipher, and that of all keys."""
    return ciphers_of(tuple(settings.PRODUCT_KEY_ENCRYPTION_KEYS))


@functools.cache
def ciphers_of(keys: tuple[str, ...]) -> tuple[Fernet, MultiFernet]:
    """The same for these keys, made once."""
    each = [Fernet(key) for key in keys]
    return each[0], MultiFernet(each)
