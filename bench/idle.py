"""What a process takes while it has nothing to do, as Linux counts it."""

from __future__ import annotations

import os
import time
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def children(parent: int) -> list[int]:
    """The processes that this one started."""
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(pid) for pid in found.split()]


def measure(pids: list[int], *, seconds: float) -> dict[str, float]:
    """Memory and share of a processor of the largest and the busiest of these processes."""
    before = {pid: ticks(pid) for pid in pids}
    time.sleep(seconds)
    used = [(ticks(pid) - before[pid]) / TICKS_PER_SECOND / seconds for pid in pids]
    return {
        "idle worker, memory in MB": max(resident(pid) for pid in pids),
        "idle worker, per cent of a processor": 100 * max(used),
    }


def ticks(pid: int) -> int:
    """Processor time used so far, by the program and by the kernel for it."""
    return sum(int(used) for used in fields(pid)[11:13])


def fields(pid: int) -> list[str]:
    """What Linux tells of a process, from its state on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def resident(pid: int) -> float:
    """Megabytes of memory that the process holds, shared ones included."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)
