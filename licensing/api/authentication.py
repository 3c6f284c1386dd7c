"""Session tokens: what proves that a client is the one that opened a session.

A token is the session's id, signed. It is kept nowhere, so the second window of
one user gets the same token as the first, and rotating SECRET_KEY keeps tokens
working while the old key is among SECRET_KEY_FALLBACKS.
"""

from __future__ import annotations

import functools
import hmac
import uuid
from base64 import urlsafe_b64encode

from django.conf import settings
from django.http import HttpRequest

from licensing import errors

SALT = b"client-session"


def token_of(session_id: uuid.UUID) -> str:
    """The token that opens this session and no other."""
    return f"{session_id.hex}:{signature(session_id.hex, settings.SECRET_KEY)}"


def proven_session(request: HttpRequest, named: str) -> uuid.UUID:
    """The id of the session that the address names and the request's token proves.

    Raise TokenInvalid when there is no token or we did not sign it, SessionUnknown
    when it is for another session.
    """
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    proven, _, signed = token.strip().partition(":")
    if scheme.lower() != "bearer" or not is_ours(proven, signed):
        raise errors.TokenInvalid

    try:
        session_id = uuid.UUID(named)
    except ValueError:
        raise errors.SessionUnknown from None
    if session_id.hex != proven:
        raise errors.SessionUnknown
    return session_id


def is_ours(proven: str, signed: str) -> bool:
    """Whether one of our keys made this signature."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    given = signed.encode()
    return any(hmac.compare_digest(signature(proven, secret).encode(), given) for secret in secrets)


def signature(text: str, secret: str) -> str:
    """HMAC-SHA256 in base64url. Django's Signer does the same, in ten times the steps."""
    digest = hmac.digest(key_from(secret), text.encode(), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


@functools.cache
def key_from(secret: str) -> bytes:
    """A key for tokens alone, derived from the product's secret."""
    return hmac.digest(secret.encode(), SALT, "sha256")
