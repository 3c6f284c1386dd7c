"""Which processes belong to one demo.

They work in its folder or have it in their environment; the servers write their titles over theirs.
"""

import os
import time
from pathlib import Path


def processes_of(data_dir):
    """The command lines of the processes that run for ``data_dir``."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if belongs_to(process, data_dir):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # it has ended, or is somebody else's
            continue
    return found


def belongs_to(process, data_dir):
    """Whether ``process``, a folder of /proc, runs for ``data_dir``."""
    variables = (process / "environ").read_bytes().split(b"\0")
    works_there = (process / "cwd").readlink().is_relative_to(data_dir)
    return works_there or os.fsencode(f"DATA_DIR={data_dir}") in variables


def nothing_is_left_of(data_dir, seconds=10):
    """Whether all processes end in time; those of a killed runner need a moment."""
    deadline = time.monotonic() + seconds
    while processes_of(data_dir):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
