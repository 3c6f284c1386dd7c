"""Child processes that never outlive the process that started them."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent

LIBC = ctypes.CDLL(None, use_errno=True)  # loaded here: a forked child must not load anything
PR_SET_PDEATHSIG = 1


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    stdin: int | IO[Any] = subprocess.DEVNULL,
    stdout: int | IO[Any] | None = None,
    stderr: int | IO[Any] | None = None,
    farewell: signal.Signals = signal.SIGTERM,
    prepare: Callable[[], None] | None = None,
    own_session: bool = True,
) -> subprocess.Popen[bytes]:
    """Start a process that is sent ``farewell`` when this one ends, even by ``kill -9``.

    In a session of its own it does not see the terminal's Ctrl-C: this process tells it when to
    stop. ``prepare`` runs in the child before the command does.
    """
    parent = os.getpid()

    def in_child() -> None:
        if prepare:
            prepare()  # first: a change of user would undo what follows
        end_with_parent(parent, farewell)

    return subprocess.Popen(
        command,
        env=env,
        cwd=cwd,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        start_new_session=own_session,
        preexec_fn=in_child,
    )


def end_with_parent(parent: int, farewell: signal.Signals = signal.SIGTERM) -> None:
    """Have this process sent ``farewell`` when ``parent``, which started it, ends.

    Only Linux can do that; elsewhere nothing happens.
    """
    if sys.platform != "linux":
        return
    LIBC.prctl(PR_SET_PDEATHSIG, farewell)
    if os.getppid() != parent:  # it ended before we asked
        os.kill(os.getpid(), farewell)


def stop(
    process: subprocess.Popen[bytes], *, by: signal.Signals = signal.SIGTERM, grace: float = 10
) -> None:
    """End a spawned process and all it started; it has ``grace`` seconds to do so in order."""
    if process.poll() is None:
        process.send_signal(by)
    with suppress(subprocess.TimeoutExpired):
        process.wait(grace)
    kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a spawned process and of all it started, at once."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Wait for ``condition``, at most ``seconds``; return whether it came about."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
