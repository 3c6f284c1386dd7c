"""The seat meter: a small drawing of how many of a licence's seats are in use.

Up to ``MOST_BLOCKS`` seats each seat is a block of its own; above that it is a
bar. The drawing only repeats the words beside it ("8 of 10").
"""

from __future__ import annotations

import dataclasses

WIDTH = 96
MOST_BLOCKS = 16
GAP = 2
NEARLY_FULL = 0.8


@dataclasses.dataclass(frozen=True)
class Block:
    """One rectangle of the drawing, in units of ``WIDTH`` across."""

    x: float
    width: float
    is_filled: bool


def level_of(used: int, total: int) -> str:
    """Return "over", "full", "high" (four fifths or more), "some" or "none"."""
    if used > total:
        return "over"
    if used and used == total:
        return "full"
    if used >= total * NEARLY_FULL and used:
        return "high"
    return "some" if used else "none"


def blocks_of(used: int, total: int) -> list[Block]:
    """Return the rectangles of a meter from left to right."""
    if total > MOST_BLOCKS or total < 1:
        return bar_of(used, total)
    width = (WIDTH - GAP * (total - 1)) / total
    return [
        Block(round(index * (width + GAP), 2), round(width, 2), index < used)
        for index in range(total)
    ]


def bar_of(used: int, total: int) -> list[Block]:
    """Return a full-width track, and on it a bar of at least 2 units if anything is used."""
    track = Block(0, WIDTH, is_filled=False)
    if used < 1:
        return [track]
    share = min(used / total, 1) if total > 0 else 1
    return [track, Block(0, max(round(WIDTH * share, 2), 2), is_filled=True)]
