"""What people type in a list's search box: words, and tokens such as ``machine:CAD-*``.

    user:jsmith machine:CAD-* pool:"London planners" status:offline last>2h version<16.0.02

A list says which filters it has: a table from their names to functions that make of
``(sign, value)`` a condition, or None when the value means nothing to them. A token
that is no filter of the list is no error: its text is looked for, and the reader told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

Filter = Callable[[str, str], Q | None]

PART = re.compile(
    r"""(?P<name>[A-Za-z]+)(?P<sign>[:<>])(?P<value>"[^"]*"|[^\s"]\S*)|"(?P<phrase>[^"]+)"|\S+"""
)


@dataclass(frozen=True)
class Part:
    """One word or token, as it was typed; ``condition`` is that of a token that was understood."""

    text: str
    name: str = ""
    value: str = ""
    condition: Q | None = None

    @property
    def is_token(self) -> bool:
        return self.condition is not None

    @property
    def word(self) -> str:
        """What is looked for as text."""
        return self.text.strip('"')


@dataclass(frozen=True)
class Search:
    """A search as it was understood."""

    parts: tuple[Part, ...]
    filters: frozenset[str]

    @property
    def tokens(self) -> list[Part]:
        return [part for part in self.parts if part.is_token]

    @property
    def words(self) -> list[str]:
        return [part.word for part in self.parts if not part.is_token]

    @property
    def condition(self) -> Q:
        """What all tokens together let through; words are the list's own matter."""
        condition = Q()
        for part in self.tokens:
            condition &= part.condition
        return condition

    @property
    def notes(self) -> list[str]:
        """What the reader is told about tokens that were not understood."""
        return [self.note(part) for part in self.parts if part.name and not part.is_token]

    def note(self, part: Part) -> str:
        """That there is no such filter, or that it makes nothing of the value."""
        words = {"name": part.name, "value": part.value}
        if part.name.lower() in self.filters:
            return (
                _("“%(value)s” is nothing that '%(name)s' knows. Searching for the text instead.")
                % words
            )
        return _("No filter called '%(name)s'. Searching for the text instead.") % words

    def without(self, token: Part) -> str:
        """The search with this token taken out."""
        return " ".join(part.text for part in self.parts if part is not token)


def parse(text: str, filters: Mapping[str, Filter]) -> Search:
    """The search that ``text`` means to a list with these filters."""
    return Search(tuple(parts_of(text.replace("\0", ""), filters)), frozenset(filters))


def parts_of(text: str, filters: Mapping[str, Filter]) -> Iterator[Part]:
    """Every word and token from left to right."""
    for match in PART.finditer(text):
        if not match["name"]:
            yield Part(match[0])
            continue
        value = match["value"].strip('"')
        find = filters.get(match["name"].lower())
        condition = find(match["sign"], value) if find else None
        yield Part(match[0], match["name"], value, condition)
