"""The device: an id of this installation, which tells it from other computers of its name.

Names can be alike: images are rolled out and machines are cloned. The id is random, made once
and kept in a small file beside the store, with a digest of what the machine calls itself. A
clone finds the id of another machine there, and makes one of its own.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from cloud_licence.store import write_whole

FORMAT = 1


def id_in(text: str, machine_id: str) -> str:
    """The device id that a file holds, empty if it holds none of this machine."""
    document = document_in(text)
    return document.get("device_id", "") if is_here(document, machine_id) else ""


def id_copied(text: str, machine_id: str) -> str:
    """The device id of the machine that this one is a clone of, as far as a file tells; empty if
    it is none."""
    document = document_in(text)
    return document.get("clone_of" if is_here(document, machine_id) else "device_id", "")


def is_here(document: dict[str, str], machine_id: str) -> bool:
    """Whether a file was written on this machine. One that does not say who it is just now, or
    did not then, is believed."""
    known_by = document.get("machine")
    return not (machine_id and known_by) or known_by == digest(document["device_id"], machine_id)


def document_in(text: str) -> dict[str, str]:
    """The names in a file with their texts; empty if it makes no sense."""
    try:
        document = json.loads(text)
        found = {name: document[name] for name in ("device_id", "machine")}
        found["clone_of"] = document.get("clone_of", "")
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return {}
    return found if all(isinstance(value, str) for value in found.values()) else {}


def written(device_id: str, machine_id: str, clone_of: str = "") -> str:
    """What the file holds for this id on this machine."""
    known_by = digest(device_id, machine_id) if machine_id else ""
    document = {"format": FORMAT, "device_id": device_id, "machine": known_by}
    return json.dumps(document | ({"clone_of": clone_of} if clone_of else {}))


def digest(device_id: str, machine_id: str) -> str:
    """By what the machine is known again: SHA-256 of both ids, so that it tells nobody else who
    the machine is."""
    import hashlib  # only where a seat is asked for

    return hashlib.sha256(f"{device_id} {machine_id}".encode(errors="replace")).hexdigest()


def kept(path: Path, machine_id: str, fresh_id: str) -> str:
    """The device id at a path, made (``fresh_id``) if there is none of this machine.

    Empty if none can be kept: one that is new each time would be somebody else each time.
    """
    text = text_of(path)
    if found := id_in(text, machine_id):
        return found
    with suppress(OSError):
        write_whole(path, written(fresh_id, machine_id, id_copied(text, machine_id)))
    return id_in(text_of(path), machine_id)  # another window may have been faster


def text_of(path: Path) -> str:
    """What a file holds; nothing if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
