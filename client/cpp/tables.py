"""Writes the tables of the C++ library from what the reference client uses: words, policy values
and Unicode.

``python client/cpp/tables.py`` writes ``tables.hpp`` and ``unicode_tables.hpp`` anew; a test
holds them equal to their sources.
"""

from __future__ import annotations

import json
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SOURCES = HERE.parent / "cloud_licence"
HEADERS = HERE / "include" / "cloud_licence"
UNMEANT = {"Cc", "Cf", "Mn", "Pd", "Pf", "Pi", "Zl", "Zp", "Zs"}
LONGEST_LITERAL = 12_000
"""Compilers need not take longer ones."""
HEAD = """// Written by tables.py from {sources}. Not changed by hand.
#pragma once

#include <cstdint>

namespace cloud_licence {{
"""
LETTERS = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
HANGUL = range(0xAC00, 0xD7A4)
"""Their parts are reckoned, not looked up."""


def written() -> dict[str, str]:
    """What each header holds."""
    return {"tables.hpp": tables(), "unicode_tables.hpp": unicode_tables()}


def tables() -> str:
    """The words and the policy's values."""
    words = json.dumps(json.loads((SOURCES / "words.json").read_text(encoding="utf-8")), indent=0)
    policy = json.loads((SOURCES / "policy_values.json").read_text(encoding="utf-8"))
    rows = [row(value) for value in policy["values"]]
    return "\n".join(
        [
            HEAD.format(sources="words.json and policy_values.json"),
            "inline const char* const words_in_parts[] = {",
            *(f'R"json({part})json",' for part in parts(words)),
            "};\n",
            "struct Row {  // a value of the policy: of a text, most counts characters",
            "    const char* name;",
            "    enum Kind { text, number, is_switch } kind;",
            "    int least, most;",
            "    const char* fallback;",
            "    bool is_secret, own_entry;",
            "};\n",
            "inline const Row rows[] = {",
            *rows,
            "};\n",
            "}  // namespace cloud_licence\n",
        ]
    )


def parts(text: str) -> Iterator[str]:
    """A text in pieces that end at a line's end."""
    piece = ""
    for line in text.splitlines(keepends=True):
        if len(piece) + len(line) > LONGEST_LITERAL:
            yield piece
            piece = ""
        piece += line
    yield piece


def row(value: dict[str, Any]) -> str:
    """A value of the policy as C++ has it."""
    kind = {"switch": "is_switch"}.get(value["kind"], value["kind"])
    least, most = value.get("least", 1), value.get("most", value.get("longest", 1))
    default = value["default"]
    fallback = str(int(default)) if isinstance(default, bool) else str(default)
    flags = f"{str(value['is_secret']).lower()}, {str(value['own_entry']).lower()}"
    return f'    {{"{value["name"]}", Row::{kind}, {least}, {most}, "{fallback}", {flags}}},'


def unicode_tables() -> str:
    """How letters are taken apart and folded, in which order marks stand, and what nobody means."""
    folds = {ord(letter): fold(letter) for letter in LETTERS if ord(letter) not in HANGUL}
    changed = {code: to for code, to in folds.items() if to != chr(code)}
    moved = {code: ord(to) - code for code, to in changed.items() if len(to) == 1}
    spelled = {code: to for code, to in changed.items() if len(to) > 1}
    pool = "".join(dict.fromkeys(spelled.values()))
    places = [(code, pool.index(to), len(to)) for code, to in spelled.items()]
    classes = {ord(c): unicodedata.combining(c) for c in LETTERS if unicodedata.combining(c)}
    unmeant = {ord(c): 0 for c in LETTERS if unicodedata.category(c) in UNMEANT}
    version = unicodedata.unidata_version
    return "\n".join(
        [
            HEAD.format(sources=f"Unicode {version}"),
            "struct Span { char32_t first, last; std::int32_t value; };",
            "struct Spelling { char32_t letter; std::uint16_t at, size; };\n",
            array("Span", "moved_letters", spans(moved)),
            array("Spelling", "spelled_letters", places),
            array("char32_t", "spellings", map(ord, pool)),
            array("Span", "mark_classes", spans(classes)),
            array("Span", "unmeant_letters", spans(unmeant)),
            array("Spelling", "plain_letters", plain()),
            "}  // namespace cloud_licence\n",
        ]
    )


def fold(letter: str) -> str:
    """A letter without case, taken apart."""
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())


def plain() -> Iterator[tuple[int, int, int]]:
    """The letters and digits that are written in another way, such as full-width ones; a blank for
    what is made of letters that nobody means, such as an accent of its own."""
    for letter in LETTERS:
        to = unicodedata.normalize("NFKC", letter)
        meant = "".join(part for part in to if unicodedata.category(part) not in UNMEANT)
        if to != letter and (not meant or (len(meant) == 1 and meant.isascii())):
            yield ord(letter), ord(meant or " "), 1


def spans(values: dict[int, int]) -> list[list[int]]:
    """Neighbours of the same value as one."""
    found: list[list[int]] = []
    for code, value in values.items():
        if found and found[-1][1] == code - 1 and found[-1][2] == value:
            found[-1][1] = code
        else:
            found.append([code, code, value])
    return found


def array(kind: str, name: str, items: Iterable[Any]) -> str:
    """A table of C++."""
    texts = [
        str(item) if isinstance(item, int) else f"{{{','.join(map(str, item))}}}" for item in items
    ]
    body = textwrap.fill(", ".join(texts), 118, break_long_words=False, break_on_hyphens=False)
    return f"inline const {kind} {name}[] = {{\n{body}}};\n"


if __name__ == "__main__":
    for name, text in written().items():
        (HEADERS / name).write_text(text, encoding="utf-8")
