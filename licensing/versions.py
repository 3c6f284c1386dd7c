"""Software versions such as ``16.0.02``, compared number by number."""

from __future__ import annotations

import re

NUMBERS = re.compile(r"\d+(?:\.\d+)*")


def numbers(version: str) -> tuple[int, ...]:
    """``16.0.02`` as (16, 0, 2), without trailing zeros; what follows the numbers is ignored.

    Raise ValueError when the text does not begin with a number.
    """
    match = NUMBERS.match(version.strip())
    if match is None:
        raise ValueError(f"{version!r} is not a version.")
    parts = [int(part) for part in match.group().split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def is_at_least(version: str, minimum: str) -> bool:
    """Whether ``version`` is ``minimum`` or newer."""
    return numbers(version) >= numbers(minimum)
