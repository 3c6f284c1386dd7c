"""Builds the C++ library and what tries it, for this system and with MinGW for Windows.

What was built is kept in ``.tools`` until a source or the compiler changes. ``make test`` does so
beside the tests, one after the other: ``python -m tests.client.cpp kit_here``.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.client import cpp_mistakes, vectors
from tests.windows import PYTHON, TOOLS

SOURCES = vectors.FOLDER.parent / "cpp"
BUILT = TOOLS.parent / "cpp"
KIT = SOURCES / "kit" / "main.cpp"
THREADS = SOURCES / "kit" / "threads.hpp"
WARNINGS = ["-Wall", "-Wextra", "-Werror"]
STRICT = ["-std=c++17", *WARNINGS]
HEADERS = SOURCES / "include"
LIBRARIES = ["-lcurl", "-lcrypto", "-pthread"]
SANITIZED = ["-O0", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
BY_CLANG = [
    f"-fsanitize-ignorelist={SOURCES / 'kit' / 'no_undefined.txt'}",
    "-fsanitize=fuzzer",
    "-fno-sanitize-coverage=trace-cmp,indirect-calls",
    "-DFUZZ_BY_COMPILER",
]
THREADS_WATCHED = ["-fsanitize=thread", "-include", str(THREADS)]
BY_GCC = ["--param=ggc-min-expand=1000", "--param=ggc-min-heapsize=2000000"]
"""It need not look for memory to use again; that is a tenth of what it takes."""
ON_WINDOWS = ["-Og", "-static", "-lwinhttp", "-ladvapi32", "-lshell32"]
"""Not -O0, of whose many small parts MinGW's linker makes a program in ten times as long."""
NEEDED = ("openssl/evp.h", "nlohmann/json.hpp")
NEEDED_HERE = (*NEEDED, "curl/curl.h")
PACKAGES = "Debian: g++, libssl-dev, libcurl4-openssl-dev, nlohmann-json3-dev"


class CannotBuild(Exception):
    """Something is missing here; says what."""


def kit_here() -> Path:
    """The kit as a program of this system that memory and what C++ leaves undefined are watched of.

    It plays through the C interface too. Every listed mistake is in it and none is made
    (``cpp_mistakes``). Of clang's there are more words: it makes up texts for parsers. Raise
    CannotBuild.
    """
    compiler = quickest_here()
    options = [*SANITIZED, *(BY_CLANG if is_clang(compiler) else ()), *LIBRARIES]
    return built(compiler, KIT, *options, needs=NEEDED_HERE, headers=cpp_mistakes.planted)


def kit_for_windows() -> Path:
    """The kit as a program of Windows; raise CannotBuild."""
    compiler = shutil.which("x86_64-w64-mingw32-g++")
    library = PYTHON.with_name("libcrypto-3.dll")
    if not compiler or not library.exists():
        raise CannotBuild("there is no MinGW, or no Python for Windows (scripts/windows.sh).")
    options = (*BY_GCC, f"-I{TOOLS / 'include'}", str(library), *ON_WINDOWS)
    return built(compiler, KIT, *options, needs=NEEDED)


def package() -> Path:
    """Where the CMake package is installed, with the shared library; raise CannotBuild."""
    compiler = compiler_here()
    require_headers(compiler, needs=NEEDED_HERE)
    return once("package", compiler, lambda to: install(SOURCES, to))


def examples() -> Path:
    """Where the examples are built that use the installed package; raise CannotBuild.

    The one in C++ has its threads watched, and a licence that is driven by lines (``THREADS``).
    They are of C++20, as newer programs are; the library itself and the kit of C++17.
    """
    prefix, compiler = package(), quickest_here()
    found = (
        f"-DCMAKE_PREFIX_PATH={prefix}",
        f"-DCMAKE_CXX_COMPILER={compiler}",
        "-DCMAKE_CXX_STANDARD=20",
    )
    folder = SOURCES / "examples"
    return once("examples", compiler, lambda to: make(folder, to, *found, extra=THREADS_WATCHED))


def kit_of_threads() -> Path:
    """A program whose threads are watched; raise CannotBuild."""
    return examples() / "twenty_lines"


def install(source: Path, to: Path) -> None:
    """Build a project of CMake and install it."""
    folder = BUILT / "package.made"
    by_gcc = () if is_clang(compiler_here()) else BY_GCC
    make(source, folder, f"-DCMAKE_INSTALL_PREFIX={to}", extra=by_gcc)
    run("cmake", "--install", str(folder))
    shutil.rmtree(folder)


def make(source: Path, folder: Path, *options: str, extra: Sequence[str]) -> None:
    """Build a project of CMake, with every warning an error; raise CannotBuild."""
    if not shutil.which("cmake"):
        raise CannotBuild("there is no CMake (Debian: cmake).")
    strict = ["-O0", *WARNINGS]
    flags = {"C_FLAGS": strict, "CXX_FLAGS": strict, "CXX_FLAGS_TRIED": extra}
    given = [f"-DCMAKE_{name}={' '.join(words)}" for name, words in flags.items()]
    kind = "-DCMAKE_BUILD_TYPE=Tried"  # what CMake tries the compiler with is of another
    run("cmake", "-S", str(source), "-B", str(folder), kind, *options, *given)
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


def quickest_here() -> str:
    """clang++ where it is to be had, which takes half as long; raise CannotBuild."""
    return shutil.which("clang++") or compiler_here()


def is_clang(compiler: str) -> bool:
    """Whether it is one that makes up texts."""
    return Path(compiler).name == "clang++"


def as_they_are(_: Path) -> Path:
    """The library's headers."""
    return HEADERS


def built(
    compiler: str,
    source: Path,
    *options: str,
    needs: tuple[str, ...],
    headers: Callable[[Path], Path] = as_they_are,
) -> Path:
    """The program that a compiler makes of a source and ``headers``, which a folder is lent for."""
    require_headers(compiler, *options, needs=needs)
    command = [compiler, *STRICT, str(source), *options]
    name = f"{source.stem}-{hashlib.sha256(repr(command).encode()).hexdigest()[:8]}"

    def build(to: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            run(*command, f"-I{headers(Path(folder))}", "-o", str(to))

    return once(name, compiler, build, ".exe")


def once(name: str, compiler: str, build: Callable[[Path], None], ending: str = "") -> Path:
    """What was built of that name, now or before if nothing has changed since."""
    parts = [version_of(compiler), *sources()]
    place = BUILT / f"{name}-{hashlib.sha256(b''.join(parts)).hexdigest()[:16]}{ending}"
    with the_only_one_to_build(name):
        if not place.exists():
            fresh = place.with_name(f"new-{place.name}")
            build(fresh)
            fresh.replace(place)
    return place


@contextlib.contextmanager
def the_only_one_to_build(name: str) -> Iterator[None]:
    """Others who want the same wait."""
    BUILT.mkdir(parents=True, exist_ok=True)
    with (BUILT / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@functools.cache
def version_of(compiler: str) -> bytes:
    """What a compiler says it is."""
    return subprocess.run([compiler, "--version"], capture_output=True, check=True).stdout


@functools.cache
def sources() -> list[bytes]:
    """All that is compiled, or says how."""
    paths = [path for path in sorted(SOURCES.rglob("*")) if path.suffix in SUFFIXES]
    lists = (cpp_mistakes.LIST, cpp_mistakes.LIST_C)
    return [path.read_bytes() for path in [*paths, *lists, Path(__file__)]]


SUFFIXES = {".c", ".cmake", ".cpp", ".h", ".hpp", ".in", ".map", ".txt"}


@functools.cache
def require_headers(compiler: str, *options: str, needs: tuple[str, ...]) -> None:
    """Raise CannotBuild where the compiler finds none of these headers."""
    asks = [f"#if !__has_include(<{header}>)\n#error {header}\n#endif\n" for header in needs]
    look = [compiler, *options, "-std=c++17", "-x", "c++", "-E", "-"]
    told = subprocess.run(look, input="".join(asks), capture_output=True, text=True)
    if told.returncode:
        missing = [header for header in needs if f"#error {header}" in told.stderr]
        raise CannotBuild(f"there is no {', '.join(missing) or told.stderr} ({PACKAGES}).")


if __name__ == "__main__":
    with contextlib.suppress(CannotBuild):
        {made.__name__: made for made in (kit_here, kit_for_windows, examples)}[sys.argv[1]]()
