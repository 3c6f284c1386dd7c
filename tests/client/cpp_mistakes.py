"""Mistakes that somebody makes in the C++ library, and the case of the kit that refuses each.

They are listed in ``mistakes_cpp.txt`` as those of the reference client are in ``mistakes.txt``;
here what is done wrong is an expression. All of them are planted in one program, the kit that is
tried anyway, each behind a number, for compiling takes longer than trying. ``mistakes_c.txt`` has
those of the C interface, which are planted in the plays that go through it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.client import vectors, verdicts

HEADERS = vectors.FOLDER.parent / "cpp" / "include"
SOURCES = HEADERS.parent
LIST = Path(__file__).with_name("mistakes_cpp.txt")
LIST_C = Path(__file__).with_name("mistakes_c.txt")
SWITCH = """#pragma once
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
    file: str
    case: str
    header: str
    right: str
    wrong: str


def listed(in_file: Path) -> Iterator[Mistake]:
    """The mistakes of a list."""
    for entry in in_file.read_text(encoding="utf-8").strip().split("\n\n"):
        name, shown_by, header, right, wrong = entry.split("\n")
        file, _, case = shown_by.partition(".json: ")
        yield Mistake(name, file, case, header, right[2:], wrong[2:])


MISTAKES = list(listed(LIST))
MISTAKES_OF_C = list(listed(LIST_C))


def headers(folder: Path) -> Path:
    """A copy of the library's headers in this folder, with every mistake in it, and none made."""
    shutil.copytree(HEADERS, folder, dirs_exist_ok=True)
    for number, mistake in enumerate(MISTAKES, 1):
        plant(folder / "cloud_licence" / mistake.header, number, mistake)
    make_plantable(folder)
    return folder


def headers_and_c(folder: Path) -> Path:
    """A copy of headers and C interface in this folder, with every mistake of C, and none made."""
    shutil.copytree(HEADERS, folder, dirs_exist_ok=True)
    for part in ("src", "c"):
        shutil.copytree(SOURCES / part, folder / part)
    for number, mistake in enumerate(MISTAKES_OF_C, 1):
        plant(folder / "src" / mistake.header, number, mistake)
    make_plantable(folder)
    return folder


def make_plantable(folder: Path) -> None:
    """Let the headers in this folder ask which mistake is made."""
    first = folder / "cloud_licence" / "json.hpp"  # which all others include
    first.write_text(
        first.read_text(encoding="utf-8").replace("#pragma once\n", SWITCH, 1), encoding="utf-8"
    )


def plant(header: Path, number: int, mistake: Mistake) -> None:
    """Put a mistake into a header behind its number; raise ValueError where it has no place."""
    text = header.read_text(encoding="utf-8")
    if (found := text.count(mistake.right)) != 1:
        raise ValueError(f"{mistake.name}: {header.name} has this {found} times.")
    both = f"(is_planted({number}) ? ({mistake.wrong}) : ({mistake.right}))"
    header.write_text(text.replace(mistake.right, both), encoding="utf-8")


def is_refused(kit: Path, number: int, shown_by: Mistake) -> bool:
    """Whether the case that shows a mistake refuses a library in which another of them is made."""
    planted = {"KIT_MISTAKE": str(number), "KIT_FILE": shown_by.file, "KIT_CASE": shown_by.case}
    told = subprocess.run(
        [kit, "vectors", vectors.FOLDER],
        capture_output=True,
        text=True,
        env={**os.environ, **planted, "TMPDIR": verdicts.in_memory() or "/tmp"},
    )
    assert told.stdout.endswith(("0 passed, 1 failed\n", "1 passed, 0 failed\n")), told
    return told.returncode != 0
