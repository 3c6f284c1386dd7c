"""What a lease says, once its signature is verified."""

from __future__ import annotations

import json

from joserfc import jws
from joserfc.jwk import KeySet

from licensing import leases


def verify(lease: str) -> dict:
    keys = KeySet.import_key_set(leases.public_keys())
    return json.loads(jws.deserialize_compact(lease, keys, algorithms=["EdDSA"]).payload)
