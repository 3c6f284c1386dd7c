"""Mistakes that somebody makes in the C++ library, and the case of the kit that refuses each.

They are listed in ``mistakes_cpp.txt`` as those of the reference client are in ``mistakes.txt``;
here what is done wrong is an expression. All of them are planted in one program, the kit that is
tried anyway, each behind a number, for compiling takes longer than trying. ``mistakes_c.txt`` has
those of the C interface, which plays show that go through it.
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
#define MISTAKES_ARE_PLANTED
inline int mistake_made = 0;
inline bool is_planted(int number) { return number == mistake_made; }
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


def planted(folder: Path) -> Path:
    """A copy of headers and C interface in this folder, with every mistake in it, and none made."""
    shutil.copytree(HEADERS, folder, dirs_exist_ok=True)
    for part in ("src", "c"):
        shutil.copytree(SOURCES / part, folder / part)
    for number, mistake in enumerate([*MISTAKES, *MISTAKES_OF_C], 1):
        place = "src" if mistake in MISTAKES_OF_C else "cloud_licence"
        plant(folder / place / mistake.header, number, mistake)
    first = folder / "cloud_licence" / "json.hpp"  # which all others include
    text = first.read_text(encoding="utf-8")
    first.write_text(text.replace("#pragma once\n", SWITCH, 1), encoding="utf-8")
    return folder


def plant(header: Path, number: int, mistake: Mistake) -> None:
    """Put a mistake into a header behind its number; raise ValueError where it has no place."""
    text = header.read_text(encoding="utf-8")
    if (found := text.count(mistake.right)) != 1:
        raise ValueError(f"{mistake.name}: {header.name} has this {found} times.")
    both = f"(is_planted({number}) ? ({mistake.wrong}) : ({mistake.right}))"
    header.write_text(text.replace(mistake.right, both), encoding="utf-8")


def passed(kit: Path, way: str, mistakes: list[Mistake], first: int | None = 1) -> list[str]:
    """The names of those that their cases let pass, by the calls of C++ or C.

    They are numbered from ``first``; without one, none of them is made.
    """
    lines = [
        f"{0 if first is None else number} {way} {made.file} {made.case}"
        for number, made in enumerate(mistakes, first or 1)
    ]
    told = subprocess.run(
        [kit, "mistakes", vectors.FOLDER],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        env={**os.environ, "TMPDIR": verdicts.in_memory() or "/tmp"},
    )
    found = told.stdout.split()
    assert len(found) == len(mistakes), told
    return [made.name for made, how in zip(mistakes, found, strict=True) if how == "passed"]
