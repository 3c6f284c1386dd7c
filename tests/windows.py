"""A Windows for tests: Wine, and the Python for Windows that ``scripts/windows.sh`` laid out.

Its home is made once and kept in ``.tools``: in ``make test`` beside the tests, which leave a
processor idle (``python -m tests.windows``), else before the first test. One test at a time has
it, with none of our settings in its registry and no store in its user's folder.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

TOOLS = Path(__file__).parent.parent / ".tools" / "windows"
PREFIX = TOOLS / "wine"
PYTHON = TOOLS / "python" / "python.exe"
RANDOM_NUMBERS = PYTHON.with_name("bcryptprimitives.dll")
HIVES = ("HKEY_LOCAL_MACHINE", "HKEY_CURRENT_USER")
POLICIES = r"Software\Policies\Elecosoft\Powerproject\Licensing"
PREFERENCES = r"Software\Elecosoft\Powerproject\Licensing"
KEYS = [f"{hive}\\{path}" for hive in HIVES for path in (POLICIES, PREFERENCES)]
INTERNET_SETTINGS = r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Internet Settings"
PROXY = ("ProxyEnable", "ProxyServer", "ProxyOverride", "AutoConfigURL")
TRIAL = "import winreg, ctypes; from cryptography.hazmat.primitives.asymmetric import ed25519"
SECONDS_KEPT = 300
STORE = "drive_c/users/*/AppData/Local/Elecosoft"
VARIABLES = {
    "PATH": "/usr/bin:/bin",
    "LC_ALL": "C.UTF-8",
    "HOME": str(TOOLS),  # Wine links folders of the home into its own
    "USER": "planner",
    "WINEPREFIX": str(PREFIX),
    "WINEPATH": str(PYTHON.parent),  # for OpenSSL's library
    "WINEDEBUG": "-all",
    "WINEDLLOVERRIDES": "mscoree,mshtml=",  # it would offer to install them
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


class Windows:
    """One user's computer with Windows on it."""

    def start(self, *words: str | Path, **options) -> subprocess.Popen[bytes]:
        """A program that runs, with pipes to talk to it."""
        return subprocess.Popen(
            ["wine", *map(str, words)],
            env=VARIABLES,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **options,
        )

    def run(
        self, *words: str | Path, text: str = "", cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """What a program printed, 64 KiB at most, and returned; ``text`` is what is typed to it."""
        with self.start(*words, cwd=cwd) as program:
            try:
                program.stdin.write(text.encode())
                program.stdin.close()
                code = program.wait(timeout=120)
            finally:
                program.kill()
            out, trouble = printed(program.stdout), printed(program.stderr)
        return subprocess.CompletedProcess(program.args, code, out, trouble)

    def python(self, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """What Windows' Python printed and returned; it can import the client."""
        return self.run(PYTHON, *words, text=text)

    def import_file(self, content: bytes, folder: Path) -> None:
        """``reg import``, as a double click on a registry file does it."""
        (folder / "file.reg").write_bytes(content)
        told = self.run("reg", "import", "file.reg", cwd=folder)
        assert told.returncode == 0, told


@pytest.fixture
def windows(tmp_path) -> Iterator[Windows]:
    """A computer with Windows that has never heard of us."""
    if not shutil.which("wine"):
        pytest.skip("Wine is not installed (scripts/windows.sh)")
    with the_only_one():
        made = Windows()
        make_ready(made)
        made.import_file(forgetting(), tmp_path)
        for left in PREFIX.glob(STORE):
            shutil.rmtree(left)
        yield made


@pytest.fixture
def windows_python(windows) -> Windows:
    """The same, with Python on it."""
    if not RANDOM_NUMBERS.exists():
        pytest.skip("There is no Python for Windows (scripts/windows.sh)")
    if trouble := trouble_with_python():
        pytest.skip(f"This Wine cannot run Python for Windows: {trouble}")
    return windows


@functools.cache
def trouble_with_python() -> str:
    """Why Python for Windows does not run here; tried once, for a start takes it a second."""
    tried = Windows().python("-c", TRIAL)
    return tried.stderr[-300:] or f"it ends with {tried.returncode}" if tried.returncode else ""


@contextlib.contextmanager
def the_only_one() -> Iterator[None]:
    """Others wait, for there is one registry."""
    TOOLS.mkdir(parents=True, exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def keep_server() -> None:
    """Keep Wine's server between programs: one that starts while it is leaving may fail."""
    subprocess.run(
        ["wineserver", f"--persistent={SECONDS_KEPT}"],
        env=VARIABLES,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,  # it has nothing to do where one is running
    )


def stop_server() -> None:
    """End Wine's server, if there is one, when no test has it."""
    if shutil.which("wineserver") and PREFIX.exists():
        with the_only_one():
            subprocess.run(["wineserver", "--kill"], env=VARIABLES, check=False)


def printed(pipe: IO[bytes]) -> str:
    """What is in a pipe; its end is not waited for, as Wine's own processes hold it for seconds."""
    os.set_blocking(pipe.fileno(), False)
    return (pipe.read() or b"").decode().replace("\r\n", "\n")


def make_ready(made: Windows) -> None:
    """Have its home there, and its server."""
    if (PREFIX / "made").exists():
        keep_server()
    else:
        install(made)


def install(made: Windows) -> None:
    """Make the home anew, as a Windows 10."""
    shutil.rmtree(PREFIX, ignore_errors=True)
    PREFIX.mkdir(parents=True)
    keep_server()
    told = made.run("reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f")
    if told.returncode:
        pytest.skip(f"Wine cannot make its home: {told.stderr[-300:]}")
    (PREFIX / "made").touch()


def forgetting() -> bytes:
    """A registry file that takes our keys away, and the proxy."""
    proxy = [f"[{INTERNET_SETTINGS}]", *(f'"{name}"=-' for name in PROXY)]
    return registry_file(*(f"[-{key}]" for key in KEYS), *proxy)


def registry_file(*lines: str) -> bytes:
    """A file for ``reg import``."""
    text = "\r\n".join(["Windows Registry Editor Version 5.00", "", *lines, "", ""])
    return b"\xff\xfe" + text.encode("utf-16-le")


if __name__ == "__main__":
    if shutil.which("wine"):
        with the_only_one(), contextlib.suppress(pytest.skip.Exception):
            make_ready(Windows())
