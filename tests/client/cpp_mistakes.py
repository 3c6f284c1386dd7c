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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.client import vectors, verdicts

HEADERS = vectors.FOLDER.parent / "cpp" / "include"
SOURCES = HEADERS.parent
LIST = Path(__file__).with_name("mistakes_cpp.txt")
LIST_C = Path(__file__).with_name("mistakes_c.txt")
Place = tuple[int, int]
SWITCH = """#pragma once
#define MISTAKES_ARE_PLANTED
inline int mistake_made = 0;
inline bool is_planted(int number) { return number == mistake_made; }
"""


@dataclass(frozen=True)
class Mistake:
    """``header`` has ``right`` exactly once, and ``wrong`` takes its place; ``case`` shows it.

    Of a ``right`` with backquotes in it, what they enclose is meant, and the rest says where.
    """

    name: str
    file: str
    case: str
    header: str
    right: str
    wrong: str

    def place_in(self, text: str) -> Place:
        """Where it is made in a header; raise ValueError where that is nowhere."""
        before, _, rest = self.right.rpartition("`")[0].rpartition("`")
        whole, meant = self.right.replace("`", ""), rest or self.right
        if (found := text.count(whole)) != 1:
            raise ValueError(f"{self.name}: {self.header} has this {found} times.")
        start = text.index(whole) + len(before)
        return start, start + len(meant)


def listed(in_file: Path) -> Iterator[Mistake]:
    """The mistakes of a list, where an arrow stands for the end of a line."""
    for entry in in_file.read_text(encoding="utf-8").strip().split("\n\n"):
        name, shown_by, header, right, wrong = entry.split("\n")
        file, _, case = shown_by.partition(".json: ")
        yield Mistake(name, file, case, header, right[2:].replace("⏎", "\n"), wrong[2:])


MISTAKES = list(listed(LIST))
MISTAKES_OF_C = list(listed(LIST_C))


def planted(folder: Path) -> Path:
    """A copy of headers and C interface in this folder, with every mistake in it, and none made."""
    shutil.copytree(HEADERS, folder, dirs_exist_ok=True)
    for part in ("src", "c"):
        shutil.copytree(SOURCES / part, folder / part)
    of_header: dict[str, list[tuple[int, Mistake]]] = {}
    for number, mistake in enumerate([*MISTAKES, *MISTAKES_OF_C], 1):
        of_header.setdefault(mistake.header, []).append((number, mistake))
    for header, made in of_header.items():
        path = folder / ("src" if header.endswith(".cpp") else "cloud_licence") / header
        path.write_text(with_mistakes(path.read_text(encoding="utf-8"), made), encoding="utf-8")
    first = folder / "cloud_licence" / "json.hpp"  # which all others include
    text = first.read_text(encoding="utf-8")
    first.write_text(text.replace("#pragma once\n", SWITCH, 1), encoding="utf-8")
    return folder


def with_mistakes(text: str, made: Iterable[tuple[int, Mistake]]) -> str:
    """A header with mistakes in it, each behind its number; raise ValueError where one has none."""
    at: dict[Place, list[str]] = {}
    for number, mistake in made:
        choice = f"is_planted({number}) ? ({mistake.wrong}) : "
        at.setdefault(mistake.place_in(text), []).append(choice)
    return rewritten(text, (0, len(text)), at)


def rewritten(text: str, part: Place, at: dict[Place, list[str]]) -> str:
    """A part of a text with the choices that are made within it, also within one another."""
    written, begin = [], part[0]
    for place in sorted(at, key=lambda place: (place[0], -place[1])):
        if begin <= place[0] and place[1] <= part[1] and place != part:
            right = rewritten(text, place, at)
            written += [text[begin : place[0]], f"({''.join(at[place])}({right}))"]
            begin = place[1]
    return "".join([*written, text[begin : part[1]]])


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
