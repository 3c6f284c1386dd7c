"""The options files of other licence managers, FlexNet's and RLM's, read line by line.

Both say, in words set apart by blanks, who may use which product: ``EXCLUDE planner USER joe``.
A line that begins with ``#`` is a comment; in FlexNet's a line that ends in ``\\`` goes on in the
next one. RLM does not mind case, and calls some options otherwise. Nothing is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from licensing.errors import InvalidOperation

MOST_LINES = 20_000
GROUPS = {"GROUP": "USER", "HOST_GROUP": "HOST"}
"""What a line that defines a group is called, and so its type, and of what it is one."""
ABOUT_A_PRODUCT = ("INCLUDE", "EXCLUDE")
ABOUT_ALL = ("INCLUDEALL", "EXCLUDEALL")
TYPES = ("USER", "HOST", "GROUP", "HOST_GROUP", "DISPLAY", "INTERNET", "INTERNET_GROUP", "PROJECT")


class Dialect(StrEnum):
    """Whose options file it is."""

    FLEXNET = "flexnet"
    RLM = "rlm"


@dataclass(frozen=True, slots=True)
class OptionLine:
    """A line that is no comment: where it begins, 1 being the first, and its words."""

    number: int
    words: list[str]

    @property
    def keyword(self) -> str:
        return self.words[0].upper()

    def __str__(self) -> str:
        text = " ".join(self.words)
        return text if len(text) <= 80 else f"{text[:79]}…"


@dataclass(frozen=True, slots=True)
class Restriction:
    """Whom an option is about: for every product where none is named."""

    product: str
    narrowed_by: str
    kind: str
    name: str


@dataclass(slots=True)
class OptionsFile:
    """All lines of a file, and the members of its groups."""

    dialect: Dialect
    lines: list[OptionLine] = field(default_factory=list)
    groups: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def members(self, kind: str, group: str) -> list[str]:
        """Who is in a group; raise InvalidOperation for one that no line defines, or is empty."""
        found = self.groups.get((kind, self.group_name(group)), [])
        if not found:
            raise InvalidOperation(f"No {kind} line says who is in {group}.")
        return found

    def group_name(self, name: str) -> str:
        """A group's name as compared: FlexNet minds case."""
        return name.casefold() if self.dialect == Dialect.RLM else name


def read(text: str, dialect: Dialect) -> OptionsFile:
    """The file's lines and groups; raise InvalidOperation for one that is empty or too long."""
    found = OptionsFile(dialect)
    for number, line in logical_lines(text, dialect):
        if words := words_of(line):
            found.lines.append(OptionLine(number, words))
    if not found.lines:
        raise InvalidOperation("The file has no options: there are only comments in it.")
    for one in found.lines:
        if one.keyword in GROUPS and len(one.words) > 2:
            key = one.keyword, found.group_name(one.words[1])
            found.groups.setdefault(key, []).extend(one.words[2:])
    return found


def logical_lines(text: str, dialect: Dialect) -> Iterator[tuple[int, str]]:
    """Each line with its number; what goes on in the next line is one, of the first's number."""
    begun, so_far = 0, ""
    for number, line in enumerate(text.splitlines(), start=1):
        if number > MOST_LINES:
            raise InvalidOperation(f"The file has more than {MOST_LINES:,} lines.")
        goes_on = dialect == Dialect.FLEXNET and line.rstrip().endswith("\\")
        begun = begun or number
        so_far += line.rstrip().removesuffix("\\") + " " if goes_on else line
        if not goes_on:
            yield begun, so_far
            begun, so_far = 0, ""
    if so_far:
        yield begun, so_far


def words_of(line: str) -> list[str]:
    """The words of a line, what stands in quotation marks being one; none of a comment."""
    if line.lstrip().startswith("#"):
        return []
    return [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|(\S+)', line)]


def restriction(line: OptionLine) -> Restriction:
    """Whom an INCLUDE, EXCLUDE, INCLUDEALL or EXCLUDEALL is about.

    Raise InvalidOperation when words are missing or the type is none.
    """
    words = line.words[1:]
    product, *words = words if line.keyword in ABOUT_A_PRODUCT and words else ["", *words]
    if len(words) < 2:
        named = "a product, " if line.keyword in ABOUT_A_PRODUCT else ""
        raise InvalidOperation(
            f"After {line.keyword} come {named}a type and a name, such as USER joe."
        )
    kind, name, *more = words
    if kind.upper() not in TYPES:
        raise InvalidOperation(f"{kind} is no type: write one of {', '.join(TYPES)}.")
    product, narrowed = product_and_more(product)
    return Restriction(product, " ".join(filter(None, [narrowed, *more])), kind.upper(), name)


def product_and_more(text: str) -> tuple[str, str]:
    """``planner:VERSION=2.0`` as ("planner", "VERSION=2.0"), and so for RLM's ``planner[a=b]``."""
    match = re.fullmatch(r"(.*?)(?:[:\s](\w+=.*)|\[(.*)\])", text)
    return (match[1], match[2] or match[3] or "") if match else (text, "")
