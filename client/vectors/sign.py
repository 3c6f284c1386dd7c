"""Signs the leases of ``leases.json`` anew: ``python client/vectors/sign.py``.

Each case has its header and claims in plain sight; ``spoil`` says what is done to the signed
text afterwards. The seed is no secret, it is for these vectors only.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FILE = Path(__file__).with_name("leases.json")


def encoded(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(case: dict[str, Any], seed: bytes) -> str:
    """The lease of a case."""
    parts = [encoded(json.dumps(case[part]).encode()) for part in ("header", "claims")]
    text = ".".join(parts)
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(text.encode())
    return spoilt(f"{text}.{encoded(signature)}", case.get("spoil", ""))


def spoilt(lease: str, how: str) -> str:
    """The lease with what a case does to it."""
    header, payload, signature = lease.split(".")
    match how:
        case "payload":
            later = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
            return ".".join([header, encoded(later.replace(b"1795", b"1895")), signature])
        case "signature":
            return f"{header}.{payload}.{encoded(bytes(64))}"
        case "cut":
            return f"{header}.{payload}"
        case "four":
            return f"{lease}.{signature}"
        case "plus":
            return f"{header}.{payload}.{'+/' + signature[2:]}"
        case "padded":
            return f"{lease}=="
        case "text":
            return "not a lease"
    return lease


def main() -> None:
    """Sign every case."""
    kit = json.loads(FILE.read_text(encoding="utf-8"))
    for case in kit["cases"]:
        case["lease"] = signed(case, bytes.fromhex(case.get("seed", kit["seed"])))
    FILE.write_text(json.dumps(kit, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
