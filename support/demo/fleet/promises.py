"""What a fleet knows of a licence, which the server must not break."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Promise:
    """What is known of a licence: its seats at most, how long one is surely kept, and after how
    long a silent session makes way for its own person at a full pool. In real seconds."""

    name: str
    seats: int
    kept_for: float
    silent_after: float = float("inf")
