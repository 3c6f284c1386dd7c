"""What befalls desktops, and when."""

from __future__ import annotations

import dataclasses
import enum


class Act(enum.StrEnum):
    """What befalls a desktop."""

    OPEN = "open"
    OPEN_WINDOW = "open window"
    CLOSE = "close"
    CRASH = "crash"
    LOSE_NETWORK = "lose network"
    FIND_NETWORK = "find network"
    MOVE = "move licence"
    RESTART = "lose the machine, which restarts"
    COME_BACK = "come back after a restart"


@dataclasses.dataclass(frozen=True, slots=True)
class Moment:
    """Something that befalls a desktop at some time."""

    at: float
    act: Act
