"""Leases: the service's signed promise that the program may go on offline until some time.

A lease is a compact JWS (RFC 7515) with an Ed25519 signature (RFC 8037). It is verified
with the keys that were built into the program (pinned); a program without any believes those
that it fetched.
"""

from __future__ import annotations

import base64
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cloud_licence import clocks

ALGORITHM = "EdDSA"

Keys = Iterable[Mapping[str, Any]]


class LeaseNotValid(Exception):
    """This is no lease for this program; the text says why, in one word."""


@dataclass(frozen=True, kw_only=True)
class Lease:
    """What a valid lease says. Times are seconds since 1970."""

    session_id: str
    signed_at: int
    until: int
    serial_number: str
    product: str
    machine_name: str
    username: str


def trusted(pinned: Keys, fetched: Keys) -> tuple[Mapping[str, Any], ...]:
    """The keys that verify leases: where some are pinned, no others do."""
    return tuple(pinned) or tuple(fetched)


def verified(
    text: str, keys: Keys, *, machine_name: str, username: str, product: str = ""
) -> Lease:
    """What the lease says, once it is known to be signed by the service for this program.

    Times are not looked at: see ``runs_at``. Raise LeaseNotValid: malformed, algorithm,
    key, signature, claims, foreign, product.
    """
    header, payload, signature = parts_of(text)
    require_signature(text.rpartition(".")[0].encode(), header, signature, keys)
    lease = read(payload)
    if as_compared(lease.machine_name) != as_compared(machine_name):
        raise LeaseNotValid("foreign")
    if as_compared(lease.username) != as_compared(username):
        raise LeaseNotValid("foreign")
    if product and lease.product != product:
        raise LeaseNotValid("product")
    return lease


def parts_of(text: str) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    """Header, claims and signature of a compact JWS; raise LeaseNotValid."""
    try:
        header, payload, signature = text.split(".")
        documents = [json.loads(decoded(part)) for part in (header, payload)]
        raw = decoded(signature)
    except (RecursionError, ValueError):
        raise LeaseNotValid("malformed") from None
    if not all(isinstance(document, dict) for document in documents):
        raise LeaseNotValid("malformed")
    return documents[0], documents[1], raw


def decoded(part: str) -> bytes:
    """Base64url without padding, strictly; raise ValueError."""
    if "=" in part or "+" in part or "/" in part:
        raise ValueError("Not base64url.")
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)


def require_signature(
    signed: bytes, header: Mapping[str, Any], signature: bytes, keys: Keys
) -> None:
    """Raise LeaseNotValid unless one of the keys, the one that the header names, signed this."""
    from cryptography.exceptions import InvalidSignature  # 20 ms, only where a lease is read
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if header.get("alg") != ALGORITHM or "crit" in header:
        raise LeaseNotValid("algorithm")
    named = [key for key in keys if key.get("kid") == header.get("kid")]
    if not named or named[0].get("crv") != "Ed25519":
        raise LeaseNotValid("key")
    try:
        Ed25519PublicKey.from_public_bytes(decoded(named[0]["x"])).verify(signature, signed)
    except (InvalidSignature, KeyError, TypeError, ValueError):
        raise LeaseNotValid("signature") from None


def read(claims: Mapping[str, Any]) -> Lease:
    """The claims as a lease; raise LeaseNotValid."""
    names = ("sub", "serial_number", "product", "machine_name", "username")
    texts = [claims.get(name) for name in names]
    times = [claims.get("iat"), claims.get("exp")]
    if not all(isinstance(text, str) for text in texts):
        raise LeaseNotValid("claims")
    if not all(isinstance(time, int) and not isinstance(time, bool) for time in times):
        raise LeaseNotValid("claims")
    return Lease(
        session_id=claims["sub"],
        signed_at=claims["iat"],
        until=claims["exp"],
        serial_number=claims["serial_number"],
        product=claims["product"],
        machine_name=claims["machine_name"],
        username=claims["username"],
    )


def runs_at(lease: Lease, now: float) -> bool:
    """Whether the lease is in force: from five minutes before it was signed until its end."""
    return lease.signed_at - clocks.TOLERANCE <= now < lease.until


def as_compared(name: str) -> str:
    """The form in which two names are compared, as Windows does: trimmed, NFKC, without case."""
    folded = unicodedata.normalize("NFKC", name.strip()).casefold()
    return unicodedata.normalize("NFKC", folded)
