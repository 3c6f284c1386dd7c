"""The secrets of one demo: made up once, then kept, so that keys and sign-ins go on working."""

import base64
import secrets
from pathlib import Path

from devstack import private_file


def generate() -> dict[str, str]:
    """New secrets under the names that the settings read."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "PRODUCT_KEY_ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "PRODUCT_KEY_DIGEST_KEY": secrets.token_hex(32),
        "LEASE_SIGNING_KEYS": secrets.token_urlsafe(32),
    }


def load(path: Path) -> dict[str, str]:
    """The secrets kept in ``path``; those that are missing are made up and added to it."""
    kept = _read(path) if path.exists() else {}
    complete = generate() | kept
    if complete != kept:
        private_file.write(path, "".join(f"{name}={value}\n" for name, value in complete.items()))
    return complete


def _read(path: Path) -> dict[str, str]:
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
