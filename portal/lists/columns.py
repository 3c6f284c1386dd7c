"""The columns of lists: which there are, which a person sees, and how dense their rows are.

The address decides (``cols``), else what the person chose last, else the list itself. A
list's main column always shows; where nobody chose, less important ones step back on
narrow screens, but never the one that rows are sorted by.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.functional import Promise

from portal.lists.cursors import By
from portal.models import PersonPreferences, User
from portal.models.preferences import Density
from portal.sign_in.standing import SignedInRequest
from portal.words.aliases import Names

type Cell = str | int | dt.datetime | dt.date | dict[str, Any] | None
"""What a file may hold."""

PINNED = "shown"
"""By it live rows ask for the columns that the page was made with, whatever is chosen since."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a list: on its page, in its files, or in both.

    On a page it has a ``label`` and may have a ``sort``. ``rank`` 2 and 3 step back on
    narrower screens. ``of`` names the kind of rows that have it, where a list shows several
    kinds.

    In files it has a ``header``, which is never translated, and each row's ``value`` for a
    reader: without one, what the row has under the column's name.
    """

    name: str
    label: str | Promise = ""
    sort: By | None = None
    css: str = ""
    rank: int = 1
    of: str = ""
    is_fixed: bool = False
    is_first: bool = True
    header: str = ""
    value: Callable[[Any, Names], Cell] | None = None

    def written(self, row: Any, names: Names) -> Cell:
        """What stands in a file."""
        cell: Cell = self.value(row, names) if self.value else getattr(row, self.name)
        return cell

    @property
    def classes(self) -> str:
        """The classes of its cells and its heading."""
        return f"{self.css} p{self.rank}".strip() if self.rank > 1 else self.css


@dataclass(frozen=True, eq=False)
class Table:
    """A list's columns in their order; ``prefix`` tells two tables of one page apart.

    ``first_sort`` is how it is sorted when nobody asks, ``more_sorts`` are those of no column.
    """

    name: str
    columns: tuple[Column, ...]
    prefix: str = ""
    first_sort: str = ""
    more_sorts: Mapping[str, By] = field(default_factory=dict)

    @property
    def sort_parameter(self) -> str:
        return f"{self.prefix}sort"

    @property
    def columns_parameter(self) -> str:
        return f"{self.prefix}cols"

    @property
    def parameters(self) -> tuple[str, str]:
        """What an address may ask of it: its order and its columns."""
        return self.sort_parameter, self.columns_parameter

    @cached_property
    def sorts(self) -> dict[str, By]:
        """What it can be sorted by, as addresses call it."""
        of_columns = {column.name: column.sort for column in self.columns if column.sort}
        return of_columns | dict(self.more_sorts)

    def sort_in(self, parameters: QueryDict, *, first: str = "") -> str:
        """The sort that the address asks for, of those that there are; else the first one."""
        wanted = parameters.get(self.sort_parameter, "")
        return wanted if wanted.removeprefix("-") in self.sorts else first or self.first_sort

    def by(self, sort: str, names: Names) -> By:
        """What a sort means; to readers of aliases, names mixed up.

        An alphabet would tell them who is who.
        """
        by = self.sorts[sort.removeprefix("-")]
        if by.compared is not None and names.are_aliases:
            by = replace(by, expression=names.mixed(by.compared))
        return by.turned() if sort.startswith("-") else by

    @property
    def first(self) -> frozenset[str]:
        """The columns that show when nobody chose any."""
        return frozenset(column.name for column in self.columns if column.is_first)

    def at_first(self, *, of: str = "", without: str = "") -> dict[str, Column]:
        """The columns of a shorter list of the same rows on another page, by name."""
        return {
            column.name: column
            for column in self.columns
            if column.is_first and column.of in ("", of) and column.name != without
        }

    @property
    def fixed(self) -> frozenset[str]:
        """The columns that always show."""
        return frozenset(column.name for column in self.columns if column.is_fixed)

    def in_order(self, names: frozenset[str]) -> list[str]:
        """The names in the table's order, without those that always show; never empty."""
        chosen = [column.name for column in self.columns if column.name in names - self.fixed]
        return chosen or [self.columns[0].name]

    def known(self, names: list[str]) -> frozenset[str]:
        """Those of the names that are columns of this table."""
        return frozenset(names) & {column.name for column in self.columns}


@dataclass(frozen=True)
class Layout:
    """A table as one person sees it.

    ``of`` is the kind of rows that it shows now, ``sort`` the order that was asked for.
    """

    table: Table
    names: frozenset[str]
    density: str = Density.COMFORTABLE
    of: str = ""
    sort: str = ""

    @property
    def is_chosen(self) -> bool:
        """Whether somebody chose the columns: then none steps back."""
        return self.names != self.table.first

    @property
    def is_compact(self) -> bool:
        return self.density == Density.COMPACT

    @property
    def possible(self) -> list[Column]:
        """The columns that rows of this kind have."""
        return [column for column in self.table.columns if column.of in ("", self.of)]

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The columns that show, by name, in the table's order."""
        shown = [column for column in self.possible if self.shows(column)]
        return {
            column.name: replace(column, rank=1) if self.stays(column) else column
            for column in shown
        }

    def stays(self, column: Column) -> bool:
        """Whether a column stays where there is no room for all."""
        return self.is_chosen or column.name == self.sort.removeprefix("-")

    def shows(self, column: Column) -> bool:
        return column.is_fixed or column.name in self.names

    @property
    def choices(self) -> list[tuple[Column, bool]]:
        """Each column that can be chosen, with whether it shows where there is room."""
        return [
            (self.columns.get(column.name, column), self.shows(column)) for column in self.possible
        ]

    @property
    def elsewhere(self) -> list[str]:
        """What is chosen for other kinds of rows, which stays."""
        possible = {column.name for column in self.possible}
        return sorted(self.names - possible - self.table.fixed)

    @property
    def asked_for(self) -> str:
        """What the address says to see these columns."""
        return ",".join(self.table.in_order(self.names))


def layout(table: Table, request: SignedInRequest, *, of: str = "") -> Layout:
    """The table as the address asks for it, else as the person chose it, else as at first."""
    preferences = preferences_of(request)
    remembered = preferences.columns.get(table.name, []) if preferences else []
    asked = written(request.GET, PINNED) or written(request.GET, table.columns_parameter)
    names = table.known(asked) or table.known(remembered) or table.first
    density = preferences.density if preferences else Density.COMFORTABLE
    return Layout(table, names | table.fixed, density, of, table.sort_in(request.GET))


def written(parameters: QueryDict, name: str) -> list[str]:
    """The names that stand in a parameter, once or several times, with commas between them."""
    return ",".join(parameters.getlist(name)).split(",") if name in parameters else []


def preferences_of(request: SignedInRequest) -> PersonPreferences | None:
    """What the person chose, as the membership was loaded with it."""
    return getattr(request.membership.user, "preferences", None) if request.membership else None


@transaction.atomic
def remember(person: User, table: Table, names: frozenset[str], density: str) -> None:
    """Show the person these columns from now on, and rows of all lists that dense.

    The table's own columns are remembered as no choice: they may change with the product.
    """
    preferences, _made = PersonPreferences.objects.select_for_update().get_or_create(person=person)
    preferences.columns.pop(table.name, None)
    if names != table.first:
        preferences.columns[table.name] = table.in_order(names)
    preferences.density = density
    preferences.save(update_fields=["columns", "density"])
