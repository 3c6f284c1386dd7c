"""A list as it is declared, once: what may be asked of it, its tables, its files, who sees it.

Pages, saved views, files, the commands that read it through the API, and tests read this
declaration; ``portal.listings`` names all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from portal.lists import periods
from portal.lists.columns import Column, Table
from portal.lists.search_tokens import phrase
from portal.models import Role


@dataclass(frozen=True)
class Parameter[Value]:
    """Something that an address may ask of a list; ``means`` reads its text.

    ``asked_as`` is its name in the API, where that is another. What is chosen by links
    (``is_link``) has to be kept by the page's form of filters. One that ``is_many`` may be written
    several times, or once with commas.
    """

    name: str
    means: Callable[[str], Value]
    asked_as: str = ""
    is_link: bool = False
    is_many: bool = False

    def of(self, parameters: QueryDict) -> Value:
        """What an address asks for; what it cannot mean is passed over."""
        return self.means(self.written(parameters))

    def written(self, parameters: QueryDict) -> str:
        """The text that an address asks by."""
        if self.is_many:
            return ",".join(filter(None, parameters.getlist(self.name)))
        return parameters.get(self.name, "")


def one_of[Word: str](words: Iterable[Word]) -> Callable[[str], Word | None]:
    """The reading of one of these words, such as those of a StrEnum."""
    known = {str(word): word for word in words}
    return known.get


def looked_for(text: str) -> str:
    """The reading of what is searched for, as far as it is."""
    return phrase(text).text


@dataclass(frozen=True, kw_only=True, eq=False)
class Listing:
    """One list. Its ``name`` is that in addresses, in the audit record and in the API.

    ``page`` names the address of its page; a list that stands on another's page has none, and
    no saved views. ``file`` are the columns of its files, in their order. ``days`` is how far
    back it looks when nothing is asked for; ``page_sizes`` are how many rows a page may have.
    """

    name: str
    parameters: tuple[Parameter[Any], ...]
    file: tuple[Column, ...]
    tables: tuple[Table, ...] = ()
    page: str = ""
    role: Role = Role.VIEWER
    days: int | None = None
    page_sizes: tuple[str, ...] = ()

    @property
    def table(self) -> Table:
        """The table of a list that has one."""
        (table,) = self.tables
        return table

    @property
    def url(self) -> str:
        """The address of its page."""
        return reverse(self.page)

    @property
    def header(self) -> list[str]:
        """The headings of its files."""
        return [column.header for column in self.file]

    @property
    def kept(self) -> tuple[str, ...]:
        """The parameters that a form of filters passes on: links and headings ask for them."""
        links = [parameter.name for parameter in self.parameters if parameter.is_link]
        of_tables = [name for table in self.tables for name in table.parameters]
        return (*links, *of_tables, *(["per"] if self.page_sizes else []))

    def written(self, name: str, parameters: QueryDict) -> str:
        """What stands under a name in an address, without blanks around it."""
        own = (one.written(parameters) for one in self.parameters if one.name == name)
        return next(own, parameters.get(name, "")).strip()

    @property
    def saved(self) -> tuple[str, ...]:
        """The parameters that a saved view remembers: all but those that name a page."""
        in_form = [parameter.name for parameter in self.parameters if not parameter.is_link]
        return (*in_form, *(periods.PARAMETERS if self.days else ()), *self.kept)
