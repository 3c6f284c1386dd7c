"""Our signatures are those of the standards: RFC 8032's vectors for Ed25519, RFC 8037's JWS."""

from __future__ import annotations

import cryptography_vectors
import pytest
from cryptography.exceptions import InvalidSignature
from joserfc import jws

from licensing import leases

# RFC 8032, section 7.1: the secret keys of its tests 1, 2 and 3.
RFC_8032 = {
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
}
# RFC 8037, appendix A.1 and A.4.
RFC_8037_SEED = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
RFC_8037_JWS = (
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-"
    "09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)


def vectors():
    """Each vector's seed, public key, message and signature."""
    with cryptography_vectors.open_vector_file("asymmetric/Ed25519/sign.input", "r") as file:
        for line in file:
            secret, public, message, signed, _ = line.split(":")
            signature = bytes.fromhex(signed)[:64]
            yield (
                bytes.fromhex(secret)[:32],
                bytes.fromhex(public),
                bytes.fromhex(message),
                signature,
            )


def test_the_vectors_are_those_of_rfc_8032_and_a_thousand_more():
    seeds = {seed.hex() for seed, *_ in vectors()}

    assert seeds > RFC_8032
    assert len(seeds) == 1024


def test_keys_and_signatures_are_those_of_every_vector():
    for seed, public, message, signature in vectors():
        key = leases.private_key(leases.base64url(seed))

        assert key.as_dict(private=False)["x"] == leases.base64url(public)
        assert key.get_op_key("sign").sign(message) == signature


@pytest.mark.slow
def test_no_vector_with_one_bit_changed_verifies():
    for number, (seed, _, message, signature) in enumerate(vectors()):
        key = leases.private_key(leases.base64url(seed)).get_op_key("verify")
        place, bit = number % 64, number % 8
        changed = bytearray(signature)
        changed[place] ^= 1 << bit

        key.verify(signature, message)
        with pytest.raises(InvalidSignature):
            key.verify(bytes(changed), message)


def test_a_jws_is_the_one_of_rfc_8037():
    key = leases.private_key(RFC_8037_SEED)
    payload = b"Example of Ed25519 signing"

    signed = jws.serialize_compact({"alg": "EdDSA"}, payload, key, algorithms=["EdDSA"])

    assert signed == RFC_8037_JWS
