"""What a web worker does once the process is gone that started it, and would have stopped it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.connection import wait
from threading import Thread


def end_with_it() -> None:
    """Stop this worker as if it were told to, as soon as its main process was killed.

    It would go on answering with what it had read, and share its port with the next server.
    """
    if main := multiprocessing.parent_process():
        Thread(target=stop_after, args=(main.sentinel,), daemon=True, name="main process").start()


def stop_after(sentinel: int) -> None:
    """Wait for the end of a process, then tell this one."""
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
