"""Whether the collected static files are still those of the source."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from devstack.processes import ROOT


def fingerprint() -> str:
    """A text that changes when a static file, the settings or an installed package does."""
    digest = hashlib.sha256()
    for path in _sources():
        facts = path.stat()
        digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    yield ROOT / "config" / "settings.py"
    yield from sorted((ROOT / ".venv" / "locks").glob("*.txt"))
    for folder in (ROOT / "static", *sorted(ROOT.glob("*/static"))):
        for parent, folders, names in os.walk(folder):
            folders.sort()
            yield from (Path(parent) / name for name in sorted(names))
