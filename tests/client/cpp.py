"""Builds the C++ library and what tries it, for this system and with MinGW for Windows.

What was built is kept in ``.tools`` until a source or the compiler changes. ``make test`` does so
beside its checks, which leave a processor idle: ``python -m tests.client.cpp``.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.client import vectors
from tests.windows import PYTHON, TOOLS

SOURCES = vectors.FOLDER.parent / "cpp"
BUILT = TOOLS.parent / "cpp"
KIT = SOURCES / "kit" / "main.cpp"
THREADS = SOURCES / "kit" / "threads.cpp"
STRICT = ["-std=c++17", "-Wall", "-Wextra", "-Werror", f"-I{SOURCES / 'include'}"]
LIBRARIES = ["-lcurl", "-lcrypto", "-pthread"]
SANITIZED = ["-O0", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
THREADS_WATCHED = ["-O0", "-fsanitize=thread"]
ON_WINDOWS = ["-O0", "-static", "-lwinhttp", "-ladvapi32", "-lshell32"]
HEADERS = ("openssl/evp.h", "nlohmann/json.hpp")
HEADERS_HERE = (*HEADERS, "curl/curl.h")
PACKAGES = "Debian: g++, libssl-dev, libcurl4-openssl-dev, nlohmann-json3-dev"


class CannotBuild(Exception):
    """Something is missing here; says what."""


def kit_here() -> Path:
    """The kit as a program of this system that memory and what C++ leaves undefined are watched of;
    raise CannotBuild."""
    return built(compiler_here(), KIT, *SANITIZED, *LIBRARIES, needs=HEADERS_HERE)


def kit_of_threads() -> Path:
    """A program whose threads are watched; raise CannotBuild."""
    return built(compiler_here(), THREADS, *THREADS_WATCHED, *LIBRARIES, needs=HEADERS_HERE)


def kit_for_windows() -> Path:
    """The kit as a program of Windows; raise CannotBuild."""
    compiler = shutil.which("x86_64-w64-mingw32-g++")
    library = PYTHON.with_name("libcrypto-3.dll")
    if not compiler or not library.exists():
        raise CannotBuild("there is no MinGW, or no Python for Windows (scripts/windows.sh).")
    options = (f"-I{TOOLS / 'include'}", str(library), *ON_WINDOWS)
    return built(compiler, KIT, *options, needs=HEADERS)


def compiler_here() -> str:
    """The compiler of this system; raise CannotBuild."""
    compiler = shutil.which("g++") or shutil.which("clang++")
    if not compiler:
        raise CannotBuild("there is no g++ or clang++ (Debian: g++).")
    return compiler


def built(compiler: str, source: Path, *options: str, needs: tuple[str, ...]) -> Path:
    """What a compiler makes of a source; made before, if nothing has changed."""
    parts = [version_of(compiler), repr((source.name, *options)).encode(), *sources()]
    program = BUILT / f"{hashlib.sha256(b''.join(parts)).hexdigest()[:16]}.exe"
    with the_only_one_to_build():
        if not program.exists():
            require_headers(compiler, *options, needs=needs)
            fresh = program.with_suffix(".new")
            command = [compiler, *STRICT, str(source), "-o", str(fresh), *options]
            told = subprocess.run(command, capture_output=True, text=True)
            assert told.returncode == 0, told.stderr
            fresh.replace(program)
    return program


@contextlib.contextmanager
def the_only_one_to_build() -> Iterator[None]:
    """Others wait: they may want the same, and a compiler fills a processor and much memory."""
    BUILT.mkdir(parents=True, exist_ok=True)
    with (BUILT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@functools.cache
def version_of(compiler: str) -> bytes:
    """What a compiler says it is."""
    return subprocess.run([compiler, "--version"], capture_output=True, check=True).stdout


@functools.cache
def sources() -> list[bytes]:
    """All that is compiled."""
    return [path.read_bytes() for path in sorted(SOURCES.rglob("*")) if path.suffix in SUFFIXES]


SUFFIXES = {".c", ".cpp", ".h", ".hpp", ".map"}


def require_headers(compiler: str, *options: str, needs: tuple[str, ...]) -> None:
    """Raise CannotBuild where the compiler finds none of these headers."""
    for header in needs:
        look = [compiler, *options, "-std=c++17", "-x", "c++", "-E", "-include", header, os.devnull]
        if subprocess.run(look, capture_output=True).returncode:
            raise CannotBuild(f"there is no {header} ({PACKAGES}).")


if __name__ == "__main__":
    for build in (kit_here, kit_of_threads, kit_for_windows):
        with contextlib.suppress(CannotBuild):
            build()
