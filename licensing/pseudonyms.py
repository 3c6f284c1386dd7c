"""Random names in place of somebody's: the same everywhere in an account, and no way back."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from licensing.identity import as_compared
from licensing.rules import in_any_domain

CHARACTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Those that nobody takes for one another."""
LENGTH = 8
NOWHERE = "erased.invalid"
"""A domain that can never be anybody's (RFC 2606)."""
BEFORE, AFTER = r"(?<![\w.@\\/-])", r"(?![\w@\\-]|\.\w)"
"""A name is a whole word: not the user of another domain, nor the beginning of an address."""


def new_alias() -> str:
    """A name that nobody has."""
    return "erased-" + "".join(secrets.choice(CHARACTERS) for _ in range(LENGTH))


def each_its_own(alias: str, names: Iterable[str]) -> dict[str, str]:
    """A form of the alias for each name as compared, so that as many stay as there were."""
    numbered = (alias if number == 1 else f"{alias}-{number}" for number, _ in enumerate(names, 1))
    new = zip(names, numbered, strict=False)
    return {name: f"{form}@{NOWHERE}" if "@" in name else form for name, form in new}


@dataclass(frozen=True)
class Pseudonyms:
    """What stands in place of which name; both kinds of names are as compared.

    ``spellings`` are the names as they were written; ``also`` further texts, such as the person's
    name in the portal, with what stands in their place.
    """

    people: Mapping[str, str]
    machines: Mapping[str, str]
    spellings: tuple[str, ...] = ()
    also: Mapping[str, str] | None = None

    @cached_property
    def new(self) -> dict[str, str]:
        """Each text as compared, with what stands in its place."""
        own = {as_compared(text): new for text, new in (self.also or {}).items()}
        named = {**own, **self.machines, **self.people}
        anywhere = {
            form: new_form
            for name, new in named.items()
            for form, new_form in zip(in_any_domain(name), in_any_domain(new), strict=True)
        }
        return anywhere | named

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Where one of them stands in a text, the longest first."""
        texts = {*self.new, *self.spellings, *(self.also or ())} - {""}
        longest_first = sorted(texts, key=lambda text: (-len(text), text))
        return re.compile(f"{BEFORE}(?:{'|'.join(map(re.escape, longest_first))}){AFTER}", re.I)

    def in_text(self, text: str) -> str:
        """A text without the person."""
        return self.pattern.sub(lambda found: self.new[as_compared(found[0])], text)

    def in_value(self, value: Any) -> Any:
        """A JSON value without the person."""
        if isinstance(value, str):
            return self.in_text(value)
        if isinstance(value, list):
            return [self.in_value(one) for one in value]
        if isinstance(value, dict):
            return {self.in_text(name): self.in_value(one) for name, one in value.items()}
        return value
