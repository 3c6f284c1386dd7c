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
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.client import vectors
from tests.windows import PYTHON, TOOLS

SOURCES = vectors.FOLDER.parent / "cpp"
BUILT = TOOLS.parent / "cpp"
KIT = SOURCES / "kit" / "main.cpp"
THREADS = SOURCES / "kit" / "threads.cpp"
WARNINGS = ["-Wall", "-Wextra", "-Werror"]
STRICT = ["-std=c++17", *WARNINGS, f"-I{SOURCES / 'include'}"]
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


def package() -> Path:
    """Where the CMake package is installed, with the shared library; raise CannotBuild."""
    compiler = compiler_here()
    require_headers(compiler, needs=HEADERS_HERE)
    return once("package", compiler, lambda to: install(SOURCES, f"-DCMAKE_INSTALL_PREFIX={to}"))


def examples() -> Path:
    """Where the examples are built that use the installed package; raise CannotBuild."""
    prefix, compiler = package(), compiler_here()
    found = f"-DCMAKE_PREFIX_PATH={prefix}"
    return once("examples", compiler, lambda to: make(SOURCES / "examples", to, found))


def install(source: Path, prefix: str) -> None:
    """Build a project of CMake and install it."""
    folder = BUILT / "package.made"
    make(source, folder, prefix)
    run("cmake", "--install", str(folder))
    shutil.rmtree(folder)


def make(source: Path, folder: Path, option: str) -> None:
    """Build a project of CMake, with every warning an error; raise CannotBuild."""
    if not shutil.which("cmake"):
        raise CannotBuild("there is no CMake (Debian: cmake).")
    strict = [f"-DCMAKE_{kind}_FLAGS=-O0 {' '.join(WARNINGS)}" for kind in ("C", "CXX")]
    run("cmake", "-S", str(source), "-B", str(folder), option, *strict)
    run("cmake", "--build", str(folder))


def run(*command: str) -> None:
    """Run something that must not fail."""
    told = subprocess.run(command, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr


def compiler_here() -> str:
    """The compiler of this system; raise CannotBuild."""
    compiler = shutil.which("g++") or shutil.which("clang++")
    if not compiler:
        raise CannotBuild("there is no g++ or clang++ (Debian: g++).")
    return compiler


def built(compiler: str, source: Path, *options: str, needs: tuple[str, ...]) -> Path:
    """The program that a compiler makes of a source."""
    require_headers(compiler, *options, needs=needs)
    command = [compiler, *STRICT, str(source), *options, "-o"]
    name = f"{source.stem}-{hashlib.sha256(repr(command).encode()).hexdigest()[:8]}"
    return once(name, compiler, lambda to: run(*command, str(to)), ".exe")


def once(name: str, compiler: str, build: Callable[[Path], None], ending: str = "") -> Path:
    """What was built of that name, now or before if nothing has changed since."""
    parts = [version_of(compiler), *sources()]
    place = BUILT / f"{name}-{hashlib.sha256(b''.join(parts)).hexdigest()[:16]}{ending}"
    with the_only_one_to_build():
        if not place.exists():
            fresh = place.with_name(f"new-{place.name}")
            build(fresh)
            fresh.replace(place)
    return place


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
    """All that is compiled, or says how."""
    return [path.read_bytes() for path in sorted(SOURCES.rglob("*")) if path.suffix in SUFFIXES]


SUFFIXES = {".c", ".cmake", ".cpp", ".h", ".hpp", ".in", ".map", ".txt"}


@functools.cache
def require_headers(compiler: str, *options: str, needs: tuple[str, ...]) -> None:
    """Raise CannotBuild where the compiler finds none of these headers."""
    for header in needs:
        look = [compiler, *options, "-std=c++17", "-x", "c++", "-E", "-include", header, os.devnull]
        if subprocess.run(look, capture_output=True).returncode:
            raise CannotBuild(f"there is no {header} ({PACKAGES}).")


if __name__ == "__main__":
    from tests.client import cpp_mistakes

    for build in (kit_here, kit_of_threads, kit_for_windows, examples, cpp_mistakes.program):
        with contextlib.suppress(CannotBuild):
            build()
