"""Policy: what the IT department set, and what the user typed.

Four levels, the first that has a value wins; the serial number and the product key count
only as a pair from one level. The levels are registry keys on Windows and files elsewhere,
with the same value names, which ``policy_values.json`` lists for every client.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cloud_licence.levels import (
    LEVELS,
    MACHINE_POLICY,
    MACHINE_PREFERENCE,
    OWN_ENTRY,
    PAIR,
    USER_POLICY,
    VALUES,
    Level,
)

OFF, ON = {"0", "no", "false", "off"}, {"1", "yes", "true", "on"}


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The effective values. ``sources`` names the level of each that some level set."""

    serial_number: str = ""
    product_key: str = field(default="", repr=False)
    service_url: str = ""
    proxy: str = ""
    timeout_seconds: int = 10
    contact_text: str = ""
    allow_user_entry: bool = True
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_key(self) -> bool:
        """Whether there is a serial number with its product key."""
        return bool(self.serial_number)


def effective(levels: Mapping[str, Level]) -> Policy:
    """The values in force, from those that each level has. What makes no sense is passed over."""
    read = {level: dict(usable(level, levels.get(level, {}))) for level in LEVELS}
    found = {name: first(name, read) for name in VALUES if name not in PAIR}
    allowed = found["AllowUserEntry"]
    pairs = [level for level in LEVELS if all(read[level].get(name) for name in PAIR)]
    if allowed is not None and not allowed[0]:
        pairs = [level for level in pairs if level != OWN_ENTRY]
    for name in PAIR:
        found[name] = (read[pairs[0]][name], pairs[0]) if pairs else None

    values = {
        attribute(name): value[0] if (value := found[name]) else row["default"]
        for name, row in VALUES.items()
    }
    sources = {name: value[1] for name in VALUES if (value := found[name])}
    return Policy(**values, sources=sources)


def first(name: str, read: Mapping[str, Mapping[str, Any]]) -> tuple[Any, str] | None:
    """The value of the first level that has one, and that level."""
    return next(((read[level][name], level) for level in LEVELS if name in read[level]), None)


def usable(level: str, values: Level) -> Iterator[tuple[str, str | int | bool]]:
    """The values of one level that the table knows and allows there."""
    names = {name.lower(): name for name in VALUES}
    for written, raw in values.items():
        name = names.get(written.lower())
        if name is None or (level == OWN_ENTRY and not VALUES[name]["own_entry"]):
            continue
        value = understood(VALUES[name], raw)
        if value is not None:
            yield name, value


def understood(row: Mapping[str, Any], raw: str | int) -> str | int | bool | None:
    """The value as its kind wants it; None for one that is empty or makes no sense."""
    text = str(raw).strip()
    if row["kind"] == "text":
        return text if 0 < len(text) <= row["longest"] else None
    if row["kind"] == "switch":
        return True if text.lower() in ON else False if text.lower() in OFF else None
    if not (text.isascii() and text.isdigit()):
        return None
    number: int = min(max(int(text), row["least"]), row["most"])
    return number


def attribute(name: str) -> str:
    """``SerialNumber`` as ``serial_number``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)[1:]


def read(vendor: str, product: str) -> Policy:
    """The values in force on this machine for this user."""
    if sys.platform == "win32":
        from cloud_licence import registry  # there is no winreg elsewhere

        return effective(registry.levels(vendor, product))
    return effective(levels_in_files(files(vendor, product, os.environ)))


def files(vendor: str, product: str, environment: Mapping[str, str]) -> dict[str, list[Path]]:
    """Where each level's files are, where there is no registry; the first has the last word."""
    folder = Path(vendor.lower()) / product.lower()
    etc = Path(environment.get("CLOUD_LICENCE_ETC") or "/etc")
    home = Path(environment.get("HOME") or "/")
    own = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    shared = (environment.get("XDG_CONFIG_DIRS") or str(etc / "xdg")).split(":")
    user = environment.get("USER") or environment.get("LOGNAME") or ""
    of_user = [etc / folder / "users" / f"{user}.policy"] if user and "/" not in user else []
    return {
        MACHINE_POLICY: [etc / folder / "licensing.policy"],
        USER_POLICY: of_user,
        MACHINE_PREFERENCE: [Path(place) / folder / "licensing.conf" for place in shared if place],
        OWN_ENTRY: [own / folder / "licensing.conf"],
    }


def levels_in_files(places: Mapping[str, Iterable[Path]]) -> dict[str, Level]:
    """The values of each level. A file that cannot be read has none."""
    levels: dict[str, Level] = {}
    for level, paths in places.items():
        texts = [text_of(path) for path in paths]
        levels[level] = {
            name: value for text in reversed(texts) for name, value in lines_of(text).items()
        }
    return levels


def text_of(path: Path) -> str:
    """What a file holds; nothing if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""


def lines_of(text: str) -> dict[str, str]:
    """The ``Name = value`` lines of a file; ``#`` begins a comment line. Values are not quoted."""
    lines = [line.strip() for line in text.splitlines()]
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}


def write_own_entry(vendor: str, product: str, values: Mapping[str, str]) -> None:
    """Keep what the user typed, readable by that user only. Raise OSError."""
    if sys.platform == "win32":
        from cloud_licence import registry  # there is no winreg elsewhere

        registry.write_own_entry(vendor, product, values)
        return
    path = files(vendor, product, os.environ)[OWN_ENTRY][0]
    path.parent.mkdir(parents=True, exist_ok=True)
    known = {**lines_of(text_of(path)), **values}
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.writelines(f"{name} = {value}\n" for name, value in known.items())
