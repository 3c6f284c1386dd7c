"""Leases: the signed statements that let software go on offline through its grace period.

A lease is a compact JWS (RFC 7515) signed with Ed25519 (RFC 8037), so any client
can verify it with the public keys at ``/.well-known/jwks.json`` and no network.
"""

from __future__ import annotations

import base64
import functools
import warnings
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from joserfc.errors import SecurityWarning
from joserfc.jwk import OKPKey

from licensing.grants import Grant

ALGORITHM = "EdDSA"  # RFC 8037; clients in the field know it by this name, not RFC 9864's
warnings.filterwarnings("ignore", "EdDSA is deprecated", SecurityWarning)


@functools.cache
def signing_keys() -> list[OKPKey]:
    """The configured keys: the first signs, all verify. Each is a 32-byte seed in base64url."""
    return [private_key(seed) for seed in settings.LEASE_SIGNING_KEYS]


def private_key(seed: str) -> OKPKey:
    """The Ed25519 key grown from a base64url seed, named by its RFC 7638 thumbprint."""
    secret = base64.urlsafe_b64decode(seed + "=" * (-len(seed) % 4))
    public = Ed25519PrivateKey.from_private_bytes(secret).public_key()
    members: dict[str, str | list[str]] = {
        "kty": "OKP",
        "crv": "Ed25519",
        "d": base64url(secret),
        "x": base64url(public.public_bytes(Encoding.Raw, PublicFormat.Raw)),
        "use": "sig",
        "alg": ALGORITHM,
    }
    key = OKPKey.import_key(members)
    return OKPKey.import_key(members | {"kid": key.thumbprint()})


def base64url(data: bytes) -> str:
    """Base64url without padding, as JOSE writes it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def public_keys() -> dict[str, Any]:
    """The JSON Web Key Set by which clients verify leases."""
    return {"keys": [key.as_dict(private=False) for key in signing_keys()]}


def sign(grant: Grant) -> str:
    """The lease of a grant: a compact JWS that ends with the grace period."""
    claims = {
        "iss": settings.LEASE_ISSUER,
        "sub": str(grant.session_id),
        "iat": int(grant.server_time.timestamp()),
        "exp": int(grant.grace_until.timestamp()),
        "serial_number": grant.serial_number,
        "product": grant.product,
        "usage_model": grant.usage_model,
        "features": grant.features,
        "machine_name": grant.machine_name,
        "username": grant.username,
        "refresh_after": grant.refresh_after,
    }
    key = signing_keys()[0]
    assert isinstance(key.private_key, Ed25519PrivateKey)
    signing_input = f"{header_of(key.kid)}.{base64url(msgspec.json.encode(claims))}"
    return f"{signing_input}.{base64url(key.private_key.sign(signing_input.encode()))}"


@functools.cache
def header_of(kid: str | None) -> str:
    """The protected header of what the key with this id signs (RFC 7515, section 3)."""
    return base64url(msgspec.json.encode({"alg": ALGORITHM, "kid": kid, "typ": "JWT"}))
