"""Mistakes that somebody makes who writes a client, and the case of the kit that refuses each.

They are listed in ``mistakes.txt``: what is done wrong, the case that shows it, the module of the
reference client, then lines of that module (-) and what stands there instead (+).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.client.clients import Mistake

LIST = Path(__file__).with_name("mistakes.txt")


def listed(text: str) -> Iterator[Mistake]:
    """The mistakes in a list of them."""
    for entry in text.strip().split("\n\n"):
        name, shown_by, module, *lines = entry.split("\n")
        file, _, case = shown_by.partition(".json: ")
        right, wrong = (
            "\n".join(line[2:] for line in lines if line.startswith(sign)) for sign in "-+"
        )
        yield Mistake(name, file, case, module.removesuffix(".py"), right, wrong)


MISTAKES = list(listed(LIST.read_text(encoding="utf-8")))
