"""Lists a page at a time: a cursor names the last row seen, so that new rows shift nothing."""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from django.db.models import Model, Q, QuerySet
from msgspec import Meta

from licensing.api import problems

Id = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Moment = Annotated[dt.datetime, Meta(tz=True)]


@dataclass(frozen=True)
class Order:
    """The columns that a list is sorted by, all the same way; the last tells rows apart."""

    columns: tuple[str, ...]
    kind: Any
    is_descending: bool = False

    @property
    def order_by(self) -> list[str]:
        sign = "-" if self.is_descending else ""
        return [sign + column for column in self.columns]

    def beyond(self, place: Sequence[Any]) -> Q:
        """The rows that come after the one with these values."""
        step = "lt" if self.is_descending else "gt"
        condition, same = Q(), Q()
        for column, value in zip(self.columns, place, strict=True):
            condition |= same & Q(**{f"{column}__{step}": value})
            same &= Q(**{column: value})
        return condition


BY_ID = Order(("pk",), tuple[Id])
BY_NUMBER = Order(("number",), tuple[Id], is_descending=True)
BY_START = Order(("started_at", "pk"), tuple[Moment, uuid.UUID], is_descending=True)
BY_LAST_TRY = Order(("last_at", "pk"), tuple[Moment, Id], is_descending=True)


def page_of(rows: QuerySet[Any], order: Order, *, after: str, limit: int) -> tuple[list[Any], str]:
    """Up to ``limit`` rows after the cursor, and the cursor of the next page or ""."""
    if after:
        rows = rows.filter(order.beyond(read_cursor(after, order)))
    return first(list(rows.order_by(*order.order_by)[: limit + 1]), limit, order)


def page_of_list[Row](
    rows: list[Row], model_of: Callable[[Row], Model], *, after: str, limit: int
) -> tuple[list[Row], str]:
    """As ``page_of``, for rows in memory, by the id of their models."""
    rows = sorted(rows, key=lambda row: model_of(row).pk)
    if after:
        (last,) = read_cursor(after, BY_ID)
        rows = [row for row in rows if model_of(row).pk > last]
    return first(rows, limit, BY_ID, model_of)


def first[Row](
    found: list[Row],
    limit: int,
    order: Order,
    model_of: Callable[[Row], Any] = lambda row: row,
) -> tuple[list[Row], str]:
    """The rows of this page, and the cursor of its last row if there are more."""
    page = found[:limit]
    if len(found) <= limit:
        return page, ""
    last = model_of(page[-1])
    return page, cursor([getattr(last, column) for column in order.columns])


def cursor(place: Sequence[Any]) -> str:
    """A row's place as text that goes into an address."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def read_cursor(text: str, order: Order) -> tuple[Any, ...]:
    """The place that a cursor names; raise NotFound when it is none of ours."""
    try:
        padded = text + "=" * (-len(text) % 4)
        place: tuple[Any, ...] = msgspec.json.decode(
            base64.b64decode(padded, altchars=b"-_", validate=True), type=order.kind
        )
        return place
    except ValueError:  # not base64, not JSON, not such values
        raise problems.NotFound("There is no such page. Follow `next` of the one before.") from None
