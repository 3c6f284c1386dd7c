"""Places in a list as text: a cursor says what a row is sorted by.

The page after a row is found by that, not by counting, so that rows that come and go
shift nothing and the last page costs what the first does. A cursor is read as strictly as
any other input: it comes back in an address.
"""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Optional

import msgspec
from django.db.models import F, OrderBy, Q, QuerySet
from msgspec import Meta

from licensing.models.spelling import Alphabetical

Id = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Moment = Annotated[dt.datetime, Meta(tz=True)]
Text = Annotated[str, Meta(pattern=r"\A[^\0]*\Z")]
Uuid = uuid.UUID

type Place = Sequence[Any]
type Rows = QuerySet[Any] | Sequence[Any]

NOWHERE = Q(pk__in=[])


class NoCursorError(ValueError):
    """A text that names no place in a list."""


@dataclass(frozen=True, kw_only=True)
class By:
    """One thing that a list is sorted by, and of which ``kind`` it is in a cursor.

    A column ``name`` of the rows; or an ``expression`` that is put on them under this
    name; or, for rows in memory, what ``value`` makes of one. Nothing (NULL) is more than
    everything, as PostgreSQL has it; rows in memory have no such values. ``compared`` is for
    names of people and machines: what is alike where they are one name.
    """

    name: str
    kind: Any
    is_descending: bool = False
    is_nullable: bool = False
    expression: Any = None
    value: Callable[[Any], Any] | None = None
    compared: Any = None

    @property
    def kind_or_nothing(self) -> Any:
        """What a cursor may hold for it."""
        return Optional[self.kind] if self.is_nullable else self.kind  # noqa: UP045 (a kind may be no class)

    def turned(self) -> By:
        """The other way round."""
        return replace(self, is_descending=not self.is_descending)

    def of(self, row: Any) -> Any:
        """What this row is sorted by."""
        return self.value(row) if self.value else getattr(row, self.name)

    def order_by(self) -> OrderBy:
        return F(self.name).desc() if self.is_descending else F(self.name).asc()

    def same(self, value: Any) -> Q:
        """The rows that have this value."""
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def beyond(self, value: Any) -> Q:
        """The rows that come after those with this value."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if self.is_descending else NOWHERE
        if self.is_descending:
            return Q(**{f"{self.name}__lt": value})
        greater = Q(**{f"{self.name}__gt": value})
        return greater | Q(**{f"{self.name}__isnull": True}) if self.is_nullable else greater


def by_name(column: str, *, compared: Any = None, is_nullable: bool = False) -> By:
    """In the order of the alphabet of a column's names."""
    return By(
        name="sorted_by",
        kind=Text,
        is_nullable=is_nullable,
        expression=Alphabetical(column),
        compared=compared,
    )


@dataclass(frozen=True)
class Order:
    """What a list is sorted by, the most important first; the last tells rows apart."""

    keys: tuple[By, ...]

    @classmethod
    def by(cls, first: By, *more: By) -> Order:
        """By this, then by the others, all in its direction."""
        same_way = [replace(key, is_descending=first.is_descending) for key in more]
        return cls((first, *same_way))

    def turned(self) -> Order:
        """The list from its end."""
        return Order(tuple(key.turned() for key in self.keys))

    def on(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows in this order."""
        expressions = {key.name: key.expression for key in self.keys if key.expression is not None}
        return rows.annotate(**expressions).order_by(*(key.order_by() for key in self.keys))

    def first(self, rows: Rows, count: int, *, after: Place | None = None) -> list[Any]:
        """Up to so many rows in this order: the first, or the first after the place."""
        if isinstance(rows, QuerySet):
            ordered = self.on(rows)
            return list((ordered if after is None else ordered.filter(self.beyond(after)))[:count])
        found = [row for row in rows if after is None or self.is_beyond(row, after)]
        for key in reversed(self.keys):
            found.sort(key=key.of, reverse=key.is_descending)
        return found[:count]

    def beyond(self, place: Place) -> Q:
        """The rows that come after the place."""
        condition, same = NOWHERE, Q()
        for key, value in zip(self.keys, place, strict=True):
            condition |= same & key.beyond(value)
            same &= key.same(value)
        return condition

    def is_beyond(self, row: Any, place: Place) -> bool:
        """Whether a row in memory comes after the place."""
        for key, value in zip(self.keys, place, strict=True):
            own = key.of(row)
            if own != value:
                return bool(own < value if key.is_descending else own > value)
        return False

    def place_of(self, row: Any) -> Place:
        """What this row is sorted by."""
        return [key.of(row) for key in self.keys]

    def read(self, text: str, *more: Any) -> Place:
        """The place that a cursor names, and what more of these kinds it says.

        Raise NoCursorError for a text that is none of this order.
        """
        kinds = [key.kind_or_nothing for key in self.keys]
        shape: Any = tuple.__class_getitem__((*kinds, *more))
        padded = text + "=" * (-len(text) % 4)
        try:
            decoded = base64.b64decode(padded, altchars=b"-_", validate=True)
            place: Place = msgspec.json.decode(decoded, type=shape)
        except ValueError:  # not base64, not JSON, not such values
            raise NoCursorError from None
        return place


def cursor(place: Place) -> str:
    """A place as text that goes into an address."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")
