"""Secrets of webhooks, and signatures by them, as Standard Webhooks has both."""

from __future__ import annotations

import base64
import hmac
import secrets
import uuid
from collections.abc import Iterable

PREFIX = "whsec_"
RANDOM_BYTES = 32  # of 24 to 64


def new_secret() -> str:
    """A secret that nobody can guess."""
    return PREFIX + base64.b64encode(secrets.token_bytes(RANDOM_BYTES)).decode()


def headers(
    message_id: uuid.UUID, body: bytes, *, at: int, secrets: Iterable[str]
) -> dict[str, str]:
    """What goes with a message that is sent at this second (of Unix), signed with each secret."""
    name = f"msg_{message_id.hex}"
    signed = f"{name}.{at}.".encode() + body
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signature(signed, secret) for secret in secrets),
    }


def signature(signed: bytes, secret: str) -> str:
    """The signature of what is signed, with the version before it."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
