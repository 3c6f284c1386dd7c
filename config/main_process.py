"""How a web worker ends: when it is told to, and once the process is gone that started it."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
from multiprocessing.connection import wait
from threading import Thread

if multiprocessing.parent_process():
    # Registered first, and so the last that is done: where Python goes on to end the threads that
    # are Granian's, now and then one panics, and the worker is aborted.
    atexit.register(os._exit, 0)


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
