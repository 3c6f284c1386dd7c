"""Builds the C++ client of the examples, for this system and with MinGW for Windows.

What was built is kept in ``.tools`` until a source or the compiler changes. ``make test`` does so
beside its checks, which leave a processor idle: ``python -m tests.client.cpp``.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from tests.client import vectors
from tests.windows import PYTHON, TOOLS

SOURCES = vectors.FOLDER.parent / "cpp"
FOLDERS = [f"-I{SOURCES / name}" for name in ("include", "kit")]
BUILT = TOOLS.parent / "examples"
STRICT = ["-std=c++17", "-Wall", "-Wextra", "-Werror"]
WITH_OPENSSL = ["-lssl", "-lcrypto"]
ON_WINDOWS = ["-static", "-lwinhttp", "-ladvapi32", "-lshell32"]
HEADER = Path("openssl") / "evp.h"


class CannotBuild(Exception):
    """Something is missing here; says what."""


def for_here() -> Path:
    """The program of this system; raise CannotBuild."""
    compiler = shutil.which("g++") or shutil.which("clang++")
    if not compiler:
        raise CannotBuild("there is no g++ or clang++ (Debian: g++).")
    return built(compiler, *WITH_OPENSSL)


def for_windows() -> Path:
    """The program of Windows; raise CannotBuild."""
    compiler = shutil.which("x86_64-w64-mingw32-g++")
    library = PYTHON.with_name("libcrypto-3.dll")
    if not compiler or not library.exists():
        raise CannotBuild("there is no MinGW, or no Python for Windows (scripts/windows.sh).")
    return built(compiler, f"-I{TOOLS / 'include'}", str(library), *ON_WINDOWS)


def built(compiler: str, *options: str) -> Path:
    """The program that a compiler makes of the sources; made before, if nothing has changed."""
    version = subprocess.run([compiler, "--version"], capture_output=True, check=True).stdout
    parts = [version, repr(options).encode(), *(p.read_bytes() for p in sorted(SOURCES.rglob("*.?pp")))]
    program = BUILT / f"{hashlib.sha256(b''.join(parts)).hexdigest()[:16]}.exe"
    if not program.exists():
        require_openssl(compiler, *options)
        BUILT.mkdir(parents=True, exist_ok=True)
        fresh = program.with_suffix(f".{os.getpid()}")
        source = str(SOURCES / "examples" / "example.cpp")
        command = [compiler, *STRICT, *FOLDERS, source, "-o", str(fresh), *options]
        told = subprocess.run(command, capture_output=True, text=True)
        assert told.returncode == 0, told.stderr
        fresh.replace(program)
    return program


def require_openssl(compiler: str, *options: str) -> None:
    """Raise CannotBuild where the compiler finds no headers of OpenSSL."""
    look = [compiler, *options, "-x", "c++", "-E", "-include", str(HEADER), os.devnull]
    if subprocess.run(look, capture_output=True).returncode:
        raise CannotBuild("there are no headers of OpenSSL (Debian: libssl-dev).")


if __name__ == "__main__":
    for build in (for_here, for_windows):
        with contextlib.suppress(CannotBuild):
            build()
