"""Lists on pages, a page at a time: ``after`` and ``before`` in the address name a row.

A cursor also says which number its row had, so that a page can say "51 to 100 of 10,003"
without counting what comes before it. Where rows came or went meanwhile the numbers are
as good as they can be; the rows are right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from portal.lists.cursors import Id, NoCursorError, Order, Place, Rows, cursor

PER_PAGE = 50
PARAMETERS = ("after", "before")


def on_first_page(parameters: QueryDict, *, prefix: str = "") -> QueryDict:
    """What the address asks for, but for a page of this list."""
    query = parameters.copy()
    for name in PARAMETERS:
        query.pop(f"{prefix}{name}", None)
    return query


def query_with(parameters: QueryDict, changes: Mapping[str, str]) -> str:
    """The address's query string with these parameters changed, on the list's first page.

    One whose value is empty is left out.
    """
    query = on_first_page(parameters)
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return query.urlencode()


@dataclass(frozen=True)
class ListPage[Row]:
    """The rows of one page, how many there are on all (None: nobody counted), and the way on.

    ``first`` is the number of the page's first row. ``before`` and ``after`` are cursors, ""
    where there is no page.
    """

    rows: list[Row]
    total: int | None
    first: int
    before: str
    after: str

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def last(self) -> int:
        """The number of the page's last row."""
        return self.first + len(self.rows) - 1

    def showing[Shown](self, rows: list[Shown]) -> ListPage[Shown]:
        """The same page with its rows as they are shown."""
        return replace(self, rows=rows)  # type: ignore[arg-type, return-value]


def page_of(
    rows: Rows,
    order: Order,
    parameters: QueryDict,
    *,
    total: int | None,
    per: int = PER_PAGE,
    prefix: str = "",
) -> ListPage[Any]:
    """The page that the address asks for; the first when it asks for none that there is."""
    page = page_after(rows, order, asked(order, parameters, f"{prefix}after"), per, total)
    page = page or page_before(rows, order, asked(order, parameters, f"{prefix}before"), per, total)
    return page or first_page(rows, order, per, total)


def asked(order: Order, parameters: QueryDict, name: str) -> tuple[Place, int] | None:
    """The place that a parameter names and the number of its row; None when it names none."""
    try:
        *place, number = order.read(parameters.get(name, ""), Id)
    except NoCursorError:
        return None
    return place, number


def first_page(rows: Rows, order: Order, per: int, total: int | None) -> ListPage[Any]:
    """The page at the beginning; it may be empty."""
    found = order.first(rows, per + 1)
    return made(order, found[:per], 1, total, has_more=len(found) > per)


def page_after(
    rows: Rows, order: Order, wanted: tuple[Place, int] | None, per: int, total: int | None
) -> ListPage[Any] | None:
    """The page after a row; None when nothing is there."""
    if wanted is None:
        return None
    place, number = wanted
    found = order.first(rows, per + 1, after=place)
    if not found:
        return None
    return made(order, found[:per], number + 1, total, has_more=len(found) > per)


def page_before(
    rows: Rows, order: Order, wanted: tuple[Place, int] | None, per: int, total: int | None
) -> ListPage[Any] | None:
    """The page before a row; None when that is the first page, or a part of it."""
    if wanted is None:
        return None
    place, number = wanted
    found = order.turned().first(rows, per + 1, after=place)
    if len(found) <= per:
        return None
    return made(order, found[per - 1 :: -1], max(number - per, 2), total, has_more=True)


def made(
    order: Order, rows: list[Any], first: int, total: int | None, *, has_more: bool
) -> ListPage[Any]:
    """The page of these rows, of which the first has this number as far as is known."""
    if total is not None:
        at_most = total - len(rows) + 1
        first = at_most if first > 1 and not has_more else min(first, at_most)
        first = max(first, 1)
    return ListPage(
        rows,
        total,
        first,
        before=cursor([*order.place_of(rows[0]), first]) if first > 1 else "",
        after=cursor([*order.place_of(rows[-1]), first + len(rows) - 1]) if has_more else "",
    )
