"""What people type in a list's search box: words, and tokens such as ``machine:CAD-*``.

    user:jsmith machine:CAD-* pool:"London planners" status:offline last>2h version<16.0.02

A list says which filters it has: a table from their names to functions that make of
``(sign, value)`` a condition, or None when the value means nothing to them. A token
that is no filter of the list is no error: its text is looked for, and the reader told.
A list without filters has words and phrases alone.

Every list and the search of every page read what was typed here, and here it is limited:
each word is looked for in every row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from licensing import keys

Filter = Callable[[str, str], Q | None]

MOST_WORDS = 12
MOST_CHARACTERS = 500
WORD = r'"(?P<phrase>[^"]+)"|\S+'
PART = re.compile(r"""(?P<name>[A-Za-z]+)(?P<sign>[:<>])(?P<value>"[^"]*"|[^\s"]\S*)|""" + WORD)
WORDS = re.compile(WORD)


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
        """What is looked for as text; nothing but quotes is meant as it stands.

        A serial number that was pasted with a document's dashes is looked for as we write it.
        """
        word = self.text.strip('"') or self.text
        return word if word.isascii() else keys.normalise_serial(word) or word


@dataclass(frozen=True)
class Search:
    """A search as it was understood: ``text`` and its parts, as far as they are looked for."""

    text: str
    parts: tuple[Part, ...]
    filters: frozenset[str]
    left_out: tuple[str, ...] = ()
    """What the reader is told about what is not looked for."""

    def __bool__(self) -> bool:
        return bool(self.parts)

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
            condition &= part.condition or Q()
        return condition

    @property
    def kept(self) -> str:
        """What is looked for, as it was typed."""
        return " ".join(part.text for part in self.parts)

    def having(self, *fields: str) -> Q:
        """That every word is in one of the fields."""
        condition = Q()
        for word in self.words:
            condition &= in_one_of(fields, word)
        return condition

    @property
    def notes(self) -> list[str]:
        """What the reader is told: what is left out, and which tokens were not understood."""
        unknown = [self.note(part) for part in self.parts if part.name and not part.is_token]
        return [*self.left_out, *unknown]

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


def in_one_of(fields: Iterable[str], word: str) -> Q:
    """That the word is in one of the fields, as compared."""
    condition = Q()
    for field in fields:
        condition |= Q(**{f"{field}__holds": word})
    return condition


def parse(text: str, filters: Mapping[str, Filter] | None = None) -> Search:
    """The search that ``text`` means to a list with these filters, within its limits."""
    kept, left_out = cut(text)
    parts = list(islice(parts_of(kept, filters or {}), MOST_WORDS + 1))
    if len(parts) > MOST_WORDS:
        left_out.append(_("Only the first %(n)s words are looked for.") % {"n": MOST_WORDS})
    return Search(kept, tuple(parts[:MOST_WORDS]), frozenset(filters or {}), tuple(left_out))


def phrase(text: str) -> Search:
    """The search for a text as a whole, within the same length."""
    kept, left_out = cut(text)
    return Search(kept, (Part(kept),) if kept else (), frozenset(), tuple(left_out))


def cut(text: str) -> tuple[str, list[str]]:
    """The text without what no text of the database holds, not too long, and what to tell of it."""
    typed = text.replace("\0", "").strip()
    kept = typed[:MOST_CHARACTERS]
    if len(kept) == len(typed):
        return kept, []
    return kept, [_("Only the first %(n)s characters are looked for.") % {"n": len(kept)}]


def with_search(parameters: QueryDict, text: str) -> QueryDict:
    """The parameters with the search as far as it is looked for: it stands in every link."""
    if parameters.get("q", "") == text:
        return parameters
    query = parameters.copy()
    query["q"] = text
    return query


def parts_of(text: str, filters: Mapping[str, Filter]) -> Iterator[Part]:
    """Every word and token from left to right."""
    if not filters:
        yield from (Part(match[0]) for match in WORDS.finditer(text))
        return
    for match in PART.finditer(text):
        if not match["name"]:
            yield Part(match[0])
            continue
        value = match["value"].strip('"')
        find = filters.get(match["name"].lower())
        condition = find(match["sign"], value) if find else None
        yield Part(match[0], match["name"], value, condition)
