"""TCP ports of this machine."""

import socket
from pathlib import Path

from devstack.errors import StackError

LISTENING = "0A"  # a socket's state in /proc/net/tcp


def free() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Whether a server can be started on ``port``."""
    try:
        require_free(port)
    except (StackError, OverflowError):
        return False
    return True


def answers(port: int, address: str = "127.0.0.1") -> bool:
    """Whether a server accepts connections on ``port``."""
    try:
        socket.create_connection((address, port), timeout=0.5).close()
    except OSError:
        return False
    return True


def require_free(port: int) -> None:
    """Raise StackError, naming who has it, unless a server can be started on ``port``.

    The web server shares its port with whoever else allows that, so a server left over from
    before would go on answering some of the requests.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise StackError(
                f"Port {port} may be used by root only; choose one from 1024 on."
            ) from None
        except OSError:
            raise StackError(
                f"Port {port} is already used by {holder(port) or 'another program'}. "
                f"Stop that, or choose another port: make demo PORT={port + 1}"
            ) from None


def holder(port: int) -> str | None:
    """Who listens on ``port``: "process 4711 (python -m http.server)", where that can be seen."""
    sockets = _listening_sockets(port)
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(link.readlink()) in sockets:
                return describe(int(link.parts[2]))
        except OSError:  # the process has ended, or belongs to somebody else
            continue
    return None


def describe(pid: int) -> str:
    """Name a process as a person would look for it."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return f"process {pid}"
    return f"process {pid} ({' '.join(words).strip()[:80]})"


def _listening_sockets(port: int) -> set[str]:
    rows = [
        line.split()
        for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
        if table.exists()
        for line in table.read_text().splitlines()[1:]
    ]
    return {
        f"socket:[{row[9]}]"
        for row in rows
        if row[3] == LISTENING and int(row[1].rsplit(":", 1)[1], 16) == port
    }
