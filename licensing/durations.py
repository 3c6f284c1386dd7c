"""Durations as operators write them: ``90s``, ``15m``, ``48h``, ``30d``."""

from __future__ import annotations

import datetime as dt
import re

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
LONGEST = dt.timedelta(days=3650)


def parse(text: str) -> dt.timedelta:
    """The duration that ``text`` says; raise ValueError when it says none, or over ten years."""
    match = re.fullmatch(r"(\d{1,9})([smhd])", text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a duration; write 90s, 15m, 48h or 30d.")
    duration = dt.timedelta(**{UNITS[match[2]]: int(match[1])})
    if not dt.timedelta() < duration <= LONGEST:
        raise ValueError(f"{text!r} is not a duration between a second and ten years.")
    return duration


def in_words(duration: dt.timedelta) -> str:
    """``48h`` for two days, ``15m`` for fifteen minutes: the shortest way to write it exactly."""
    seconds = int(duration.total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds % size == 0 and seconds >= size * (3 if unit == "d" else 1):
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
