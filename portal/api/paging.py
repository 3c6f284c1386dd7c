"""Lists a page at a time: a cursor names the last row seen, so that new rows shift nothing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from licensing.api import problems
from portal.lists.cursors import By, Id, Moment, NoCursorError, Order, Place, Rows, Uuid, cursor

NO_SUCH_PAGE = gettext_lazy("There is no such page. Follow `next` of the one before.")
BY_ID = Order((By(name="pk", kind=Id),))
BY_ID_OF_LICENCE = Order((By(name="pk", kind=Id, value=lambda row: row.licence.pk),))
BY_NUMBER = Order((By(name="number", kind=Id, is_descending=True),))
BY_START = Order.by(
    By(name="started_at", kind=Moment, is_descending=True), By(name="pk", kind=Uuid)
)
BY_HOUR = Order(
    (
        By(name="start", kind=Moment, value=lambda row: row.hour.start),
        By(name="licence", kind=Id, value=lambda row: row.licence.pk),
    )
)
BY_LAST_TRY = Order.by(By(name="last_at", kind=Moment, is_descending=True), By(name="pk", kind=Id))


def page_of(rows: Rows, order: Order, *, after: str, limit: int) -> tuple[list[Any], str]:
    """Up to ``limit`` rows after the cursor, and the cursor of the next page or ""."""
    found = order.first(rows, limit + 1, after=read_cursor(after, order) if after else None)
    return cut(found, order, limit=limit)


def cut(found: list[Any], order: Order, *, limit: int) -> tuple[list[Any], str]:
    """The first ``limit`` of what was found, and the cursor to the rest or ""."""
    page = found[:limit]
    return page, cursor(order.place_of(page[-1])) if len(found) > limit else ""


def read_cursor(text: str, order: Order) -> Place:
    """The place that a cursor names; raise NotFound when it is none of ours."""
    try:
        return order.read(text)
    except NoCursorError:
        raise problems.NotFound(NO_SUCH_PAGE) from None
