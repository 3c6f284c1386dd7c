"""A file of a deployment with what is said of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeploymentFile:
    """A file, and in words what it does, who runs it, where it writes, how to undo and check it."""

    name: str
    content: bytes
    does: str
    run_by: str
    writes: str
    undo: str
    check: str

    @property
    def sha256(self) -> str:
        """The file's checksum, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()
