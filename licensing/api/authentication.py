"""Session tokens: what proves that a client is the one that opened a session.

A token is the session's id, signed. It is kept nowhere, so the second window of
one user gets the same token as the first, and rotating SECRET_KEY keeps tokens
working while the old key is among SECRET_KEY_FALLBACKS.
"""

from __future__ import annotations

import uuid

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

from licensing import errors

SALT = "client-session"


def token_of(session_id: uuid.UUID) -> str:
    """The token that opens this session and no other."""
    return Signer(salt=SALT).sign(session_id.hex)


def proven_session(request: HttpRequest, named: str) -> uuid.UUID:
    """The id of the session that the address names and the request's token proves.

    Raise TokenInvalid when there is no token or we did not sign it, SessionUnknown
    when it is for another session.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise errors.TokenInvalid
    try:
        proven = Signer(salt=SALT).unsign(token.strip())
    except BadSignature:
        raise errors.TokenInvalid from None

    try:
        session_id = uuid.UUID(named)
    except ValueError:
        raise errors.SessionUnknown from None
    if session_id.hex != proven:
        raise errors.SessionUnknown
    return session_id
