"""Software versions such as ``16.0.02``, compared number by number."""

from __future__ import annotations

import re

NUMBERS = re.compile(r"\d+(?:\.\d+)*")


def numbers(version: str) -> tuple[int, ...]:
    """``16.0.02`` as (16, 0, 2), without trailing zeros; what follows the numbers is ignored.

    Raise ValueError when the text does not begin with a number.
    """
    parts = written(version)
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def written(version: str) -> list[int]:
    """The same with its trailing zeros."""
    match = NUMBERS.match(version.strip())
    if match is None:
        raise ValueError(f"{version!r} is not a version.")
    return [int(part) for part in match.group().split(".")]


def after_all_of(version: str) -> tuple[int, ...]:
    """The first numbers after all that begin with these: (17, 1) after ``17.0``."""
    *first, last = written(version)
    return (*first, last + 1)


def is_at_least(version: str, minimum: str) -> bool:
    """Whether ``version`` is ``minimum`` or newer."""
    return numbers(version) >= numbers(minimum)
