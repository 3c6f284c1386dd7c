"""The signed lease is what the client has when the network has gone."""

from __future__ import annotations

import pytest
from joserfc.errors import BadSignatureError
from joserfc.jwk import OKPKey

from licensing import leases, sessions
from tests.factories import make_client, make_pool
from tests.licensing.claims import verify

# RFC 8037, appendix A.1 to A.3.
RFC_SEED = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
RFC_PUBLIC = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
RFC_THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.django_db
def test_says_what_was_granted_and_until_when(settings):
    key = make_pool(1, features=["bim"])
    client = make_client()
    grant, _ = sessions.check_out(key, client)

    claims = verify(leases.sign(grant))

    assert claims == {
        "iss": settings.LEASE_ISSUER,
        "sub": str(grant.session_id),
        "iat": int(grant.server_time.timestamp()),
        "exp": int(grant.grace_until.timestamp()),
        "serial_number": key.serial_number,
        "product": "asta-powerproject",
        "usage_model": "concurrent",
        "features": ["bim"],
        "machine_name": client.machine_name,
        "username": client.username,
        "refresh_after": 300,
    }


@pytest.mark.django_db
def test_a_changed_lease_is_refused(pool):
    grant, _ = sessions.check_out(pool, make_client())
    header, payload, signature = leases.sign(grant).split(".")
    other = leases.base64url(b'{"exp": 99999999999}')

    for forged in (f"{header}.{other}.{signature}", f"{header}.{payload}.{'A' * 86}"):
        with pytest.raises(BadSignatureError):
            verify(forged)


def test_keys_grow_from_seeds_as_in_rfc_8037():
    key = leases.private_key(RFC_SEED)

    assert key.as_dict(private=False)["x"] == RFC_PUBLIC
    assert key.kid == RFC_THUMBPRINT


def test_published_keys_hold_no_secret():
    assert all("d" not in key for key in leases.public_keys()["keys"])


@pytest.mark.django_db
def test_an_older_key_still_verifies_after_a_change(pool, settings):
    grant, _ = sessions.check_out(pool, make_client())
    lease = leases.sign(grant)
    new = OKPKey.generate_key("Ed25519").as_dict(private=True)["d"]

    settings.LEASE_SIGNING_KEYS = [new, *settings.LEASE_SIGNING_KEYS]
    leases.signing_keys.cache_clear()
    try:
        assert verify(lease)["sub"] == str(grant.session_id)
        assert verify(leases.sign(grant))["sub"] == str(grant.session_id)
    finally:
        leases.signing_keys.cache_clear()
