"""What the parts of a run tell each other through the run's private folder."""

from __future__ import annotations

from pathlib import Path

import msgspec

from devstack import private_file
from prove.history import Pool


class Key(msgspec.Struct, frozen=True):
    """What opens a pool. Never part of the history."""

    licence: int
    serial_number: str
    product_key: str


class Plan(msgspec.Struct, frozen=True):
    """What a run is about."""

    port: int
    seed: int
    clients: int
    operations: int
    seconds: float
    pools: list[Pool]


def write(folder: Path, plan: Plan) -> None:
    """Keep the plan for the parts of the run."""
    private_file.write(folder / "plan.json", msgspec.json.encode(plan).decode())


def read(folder: Path) -> Plan:
    """The run's plan."""
    return msgspec.json.decode((folder / "plan.json").read_bytes(), type=Plan)


def hand_out(folder: Path, keys: dict[int, Key]) -> None:
    """Tell the clients which key opens which licence now."""
    draft = folder / "keys.new"
    private_file.write(draft, msgspec.json.encode(list(keys.values())).decode())
    draft.replace(folder / "keys.json")


def keys(folder: Path) -> dict[int, Key]:
    """The key that opens each licence now."""
    known = msgspec.json.decode((folder / "keys.json").read_bytes(), type=list[Key])
    return {key.licence: key for key in known}
