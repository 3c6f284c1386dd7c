"""What records are called by: finding those that are, and saying by what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet

from licensing import keys
from licensing.names import as_searched, holds
from portal.lists import search_tokens
from portal.people.invitations import addresses_in


@dataclass(frozen=True)
class Name:
    """One thing that a record is called by: the lookup that finds it, and the word before it."""

    lookup: str
    word: str

    def of(self, record: Any) -> str:
        """What it is for this record."""
        path, _, _how = self.lookup.rpartition("__")
        return str(attrgetter(path.replace("__", "."))(record))

    def is_meant(self, record: Any, words: list[str]) -> bool:
        """Whether one of the words is a part of it."""
        own = as_searched(self.of(record))
        return any(holds(own, word) for word in words)


@dataclass(frozen=True, kw_only=True)
class Called:
    """By what a table's records are found.

    ``own`` is what a record is called itself, ``also`` what it belongs to; ``serial_number`` the
    lookup by which one leads to it; ``only`` the records that anybody means who names one.
    """

    own: tuple[Name, ...] = ()
    also: tuple[Name, ...] = ()
    serial_number: str = ""
    only: Mapping[str, Any] = field(default_factory=dict)

    def find(self, rows: QuerySet[Any], words: str, *, widely: bool = False) -> QuerySet[Any]:
        """Those that have each word in a name; ``widely``, of what they belong to as well."""
        rows = rows.filter(**self.only)
        serial_number = keys.normalise_serial(words)
        if self.serial_number and serial_number:
            return rows.filter(**{self.serial_number: serial_number}).distinct()
        names = (*self.own, *(self.also if widely else ()))
        for word in words.split():
            rows = rows.filter(any_of(names, word))
        return rows

    def reason(self, record: Any, words: str) -> str:
        """By what the record was found: ``machine CAD-017``."""
        if serial_number := keys.normalise_serial(words):
            return f"serial number {serial_number}"
        meant = [name for name in self.own if name.is_meant(record, words.split())]
        return ", ".join(f"{name.word} {name.of(record)}" for name in meant or self.own[:1])


def any_of(names: tuple[Name, ...], word: str) -> Q:
    """That one of these names has the word."""
    wanted = Q()
    for name in names:
        wanted |= Q(**{name.lookup: word})
    return wanted


def looked_for(search_term: str) -> str:
    """What of a search is looked for: of ``Priya Shah <priya@brook.example>`` the address."""
    kept = search_tokens.parse(search_term).kept
    found = addresses_in(kept) if "<" in kept else []
    return found[0] if len(found) == 1 and "@" in found[0] else kept
