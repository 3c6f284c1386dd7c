"""/.well-known/jwks.json: the keys by which a client verifies its lease without us."""

from __future__ import annotations

import base64
import hmac
import json

import pytest
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from licensing import leases
from licensing.leases import base64url
from tests.api.desktop import open_session, refresh
from tests.factories import make_pool

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(client):
    """The key set that everybody can fetch."""
    return KeySet.import_key_set(client.get("/.well-known/jwks.json").json())


def claims_of(lease, keys):
    """What a client reads from a lease that it has verified."""
    return jwt.decode(lease, keys, algorithms=["EdDSA"]).claims


def test_publishes_public_keys_only(client):
    response = client.get("/.well-known/jwks.json")

    members = [sorted(key) for key in response.json()["keys"]]
    assert members == [["alg", "crv", "kid", "kty", "use", "x"]]
    assert response.headers["Cache-Control"] == "public, max-age=300"


def test_a_lease_says_all_that_the_answer_says(client, published):
    key = make_pool(1, features=["bim"])
    opened = open_session(client, key, machine_name="CAD-017", username="ACME\\jsmith")

    claims = claims_of(opened["lease"], published)

    assert (claims.pop("exp") - claims.pop("iat")) == 48 * 3600
    assert claims == {
        "iss": "http://testserver",
        "sub": opened["id"],
        "serial_number": key.serial_number,
        "product": "asta-powerproject",
        "usage_model": "concurrent",
        "features": ["bim"],
        "machine_name": "CAD-017",
        "username": "ACME\\jsmith",
        "refresh_after": 300,
    }


def test_a_refreshed_lease_verifies_too(client, pool, published):
    opened = open_session(client, pool)

    lease = refresh(client, opened).json()["lease"]

    assert claims_of(lease, published)["sub"] == opened["id"]


def changed(lease, published):
    """The same lease for a pool with one more feature."""
    header, payload, signature = lease.split(".")
    claims = json.loads(decoded(payload)) | {"features": ["everything"]}
    return f"{header}.{base64url(json.dumps(claims).encode())}.{signature}"


def unsigned(lease, published):
    """The same lease with the algorithm "none"."""
    header = base64url(json.dumps({"alg": "none", "kid": kid_of(published)}).encode())
    return f"{header}.{lease.split('.')[1]}."


def signed_by_a_stranger(lease, published):
    """The same lease with another key's signature, under our key's name."""
    header = {"alg": "EdDSA", "kid": kid_of(published)}
    return sign(lease, header, OKPKey.generate_key("Ed25519"))


def naming_another_key(lease, published):
    """The same lease with a stranger's signature, under the stranger's name."""
    return sign(lease, {"alg": "EdDSA", "kid": "another"}, OKPKey.generate_key("Ed25519"))


def with_another_header(lease, published):
    """The same lease, whose header says more than was signed."""
    header, payload, signature = lease.split(".")
    told = json.loads(decoded(header)) | {"typ": "lease"}
    return f"{base64url(json.dumps(told).encode())}.{payload}.{signature}"


def keyed_with_the_public_key(lease, published):
    """The same lease by HS256, its secret the public key that everybody has."""
    header = base64url(json.dumps({"alg": "HS256", "kid": kid_of(published)}).encode())
    signed = f"{header}.{lease.split('.')[1]}"
    secret = decoded(published.keys[0].as_dict(private=False)["x"])
    return f"{signed}.{base64url(hmac.digest(secret, signed.encode(), 'sha256'))}"


def bringing_its_own_key(lease, published):
    """The same lease by a stranger, whose header holds the key that verifies it."""
    key = OKPKey.generate_key("Ed25519")
    header = {"alg": "EdDSA", "kid": "another", "jwk": key.as_dict(private=False)}
    return sign(lease, header, key)


def with_another_leases_signature(lease, published):
    """The same lease with a signature that we made, of something else."""
    key = leases.signing_keys()[0]
    other = jws.serialize_compact({"alg": "EdDSA"}, b"{}", key, algorithms=["EdDSA"])
    return ".".join([*lease.split(".")[:2], other.split(".")[2]])


def sign(lease, header, key):
    payload = decoded(lease.split(".")[1])
    return jws.serialize_compact(header, payload, key, algorithms=["EdDSA"])


def kid_of(published):
    return published.keys[0].kid


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


FORGERIES = [
    changed,
    unsigned,
    signed_by_a_stranger,
    naming_another_key,
    with_another_header,
    keyed_with_the_public_key,
    bringing_its_own_key,
    with_another_leases_signature,
]


@pytest.mark.parametrize("forge", FORGERIES)
def test_a_forged_lease_is_refused(client, pool, published, forge):
    lease = open_session(client, pool)["lease"]

    with pytest.raises((JoseError, ValueError)):
        claims_of(forge(lease, published), published)
