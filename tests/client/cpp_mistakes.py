"""Mistakes that somebody makes in the C++ library, and the case of the kit that refuses each.

They are listed in ``mistakes_cpp.txt`` as those of the reference client are in ``mistakes.txt``;
here what is done wrong is an expression. All of them are planted in one program, each behind a
number, for compiling takes longer than trying.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.client import cpp, vectors, verdicts

LIST = Path(__file__).with_name("mistakes_cpp.txt")
SWITCH = """
#include <cstdlib>
inline bool is_planted(int number) {
    static const char* const told = std::getenv("KIT_MISTAKE");
    return told && std::atoi(told) == number;
}
"""


@dataclass(frozen=True)
class Mistake:
    """``header`` has ``right`` exactly once, and ``wrong`` takes its place; ``case`` shows it."""

    name: str
    case: str
    header: str
    right: str
    wrong: str


def listed() -> Iterator[Mistake]:
    """The mistakes of the list."""
    for entry in LIST.read_text(encoding="utf-8").strip().split("\n\n"):
        name, shown_by, header, right, wrong = entry.split("\n")
        yield Mistake(name, shown_by.partition(".json: ")[2], header, right[2:], wrong[2:])


MISTAKES = list(listed())


def program() -> Path:
    """The kit with every mistake in it, none of them made; raise CannotBuild."""
    compiler = cpp.compiler_here()
    cpp.require_headers(compiler, needs=cpp.HEADERS_HERE)
    name = f"mistakes-{hashlib.sha256(LIST.read_bytes()).hexdigest()[:8]}"
    return cpp.once(name, compiler, build, ".exe")


def build(to: Path) -> None:
    """Compile a copy of the headers with the mistakes in it."""
    folder = to.with_suffix(".headers")
    shutil.copytree(cpp.SOURCES / "include", folder, dirs_exist_ok=True)
    for number, mistake in enumerate(MISTAKES, 1):
        plant(folder / "cloud_licence" / mistake.header, number, mistake)
    switch = folder / "switch.hpp"
    switch.write_text(SWITCH)
    options = ["-std=c++17", "-O0", f"-I{folder}", "-include", str(switch)]
    cpp.run(cpp.compiler_here(), *options, str(cpp.KIT), "-o", str(to), *cpp.LIBRARIES)
    shutil.rmtree(folder)


def plant(header: Path, number: int, mistake: Mistake) -> None:
    """Put a mistake into a header behind its number; raise ValueError where it has no place."""
    text = header.read_text(encoding="utf-8")
    if (found := text.count(mistake.right)) != 1:
        raise ValueError(f"{mistake.name}: {header.name} has this {found} times.")
    both = f"(is_planted({number}) ? ({mistake.wrong}) : ({mistake.right}))"
    header.write_text(text.replace(mistake.right, both), encoding="utf-8")


def is_refused(made: Path, number: int, case: str) -> bool:
    """Whether the case refuses a program in which this mistake is made."""
    planted = {"KIT_MISTAKE": str(number), "KIT_CASE": case}
    told = subprocess.run(
        [made, "vectors", vectors.FOLDER],
        capture_output=True,
        env={**os.environ, **planted, "TMPDIR": verdicts.in_memory() or "/tmp"},
    )
    return told.returncode != 0
