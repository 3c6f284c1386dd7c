"""The levels of policy and the names of its values, which every client shares."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TABLE: dict[str, Any] = json.loads(
    Path(__file__).with_name("policy_values.json").read_text(encoding="utf-8")
)
LEVELS: tuple[str, ...] = tuple(TABLE["levels"])
MACHINE_POLICY, USER_POLICY, MACHINE_PREFERENCE, OWN_ENTRY = LEVELS
VALUES: dict[str, dict[str, Any]] = {row["name"]: row for row in TABLE["values"]}
PAIR: tuple[str, ...] = tuple(TABLE["pair"])

Level = Mapping[str, str | int]
