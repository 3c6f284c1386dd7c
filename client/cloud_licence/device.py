"""The device: an id of this installation, which tells it from other computers of its name.

Names can be alike: images are rolled out and machines are cloned. The id is random, made once
and kept in a small file beside the store, with a digest of what the machine calls itself. A
clone finds the id of another machine there, and makes one of its own.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

FORMAT = 1


def id_in(text: str, machine_id: str) -> str:
    """The device id that a file holds, empty if it holds none of this machine.

    A machine that does not say who it is just now, or did not then, is believed.
    """
    try:
        document = json.loads(text)
        device_id, known_by = document["device_id"], document["machine"]
    except (KeyError, RecursionError, TypeError, ValueError):
        return ""
    if not (isinstance(device_id, str) and isinstance(known_by, str)):
        return ""
    is_here = not machine_id or not known_by or known_by == digest(device_id, machine_id)
    return device_id if is_here else ""


def written(device_id: str, machine_id: str) -> str:
    """What the file holds for this id on this machine."""
    known_by = digest(device_id, machine_id) if machine_id else ""
    return json.dumps({"format": FORMAT, "device_id": device_id, "machine": known_by})


def digest(device_id: str, machine_id: str) -> str:
    """By what the machine is known again: SHA-256 of both ids, so that it tells nobody else who
    the machine is."""
    import hashlib  # only where a seat is asked for

    return hashlib.sha256(f"{device_id} {machine_id}".encode()).hexdigest()


def kept(path: Path, machine_id: str, fresh_id: str) -> str:
    """The device id at a path, made (``fresh_id``) if there is none of this machine.

    Empty if none can be kept: one that is new each time would be somebody else each time.
    """
    if found := id_in(text_of(path), machine_id):
        return found
    new = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(written(fresh_id, machine_id))
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink()
    return id_in(text_of(path), machine_id)  # another window may have been faster


def text_of(path: Path) -> str:
    """What a file holds; nothing if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
