"""Simulated seconds, so many of them in each real one."""

from __future__ import annotations

import asyncio
import time


class Clock:
    """Simulated seconds since 1970, ``speed`` of them in each real one."""

    def __init__(self, speed: float = 1) -> None:
        self.speed = speed
        self.start = time.time()
        self.started = time.monotonic()

    def now(self) -> float:
        """The simulated time."""
        return self.start + (time.monotonic() - self.started) * self.speed

    def real(self, at: float) -> float:
        """The real time, in seconds since 1970, at which it is ``at``."""
        return self.start + (at - self.start) / self.speed

    def simulated(self, real: float) -> float:
        """The simulated time at some real one."""
        return self.start + (real - self.start) * self.speed

    async def sleep_until(self, at: float) -> None:
        """Wait for a simulated time."""
        await asyncio.sleep(max(0.0, (at - self.now()) / self.speed))
