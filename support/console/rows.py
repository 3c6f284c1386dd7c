"""Records in tables, each with its usual acts: on an account's page, and beneath a record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Model, QuerySet

from licensing import sightings
from licensing.models import ClientSession, Device, Licence, PlannedSeats, ProductKey
from portal.licences.keys import is_in_overlap
from portal.words.statuses import licence_status
from support.console import keys, offers, tables
from support.console.keys import Use
from support.console.offers import Link, Person
from support.console.tables import page_of

MOST_BENEATH = 50
UNUSED = Use(machines=0, running=0)


@dataclass(frozen=True)
class Row:
    """A record as a table has it: its page, what may be done to it; of a key, its ``use``."""

    record: Any
    url: str
    acts: list[Link]
    use: Use | None = None

    @property
    def about(self) -> str:
        """The id of the element that says what the acts are done to."""
        return f"row-{self.record._meta.model_name}-{self.record.pk}"

    @property
    def status(self) -> str:
        """The state word of a licence, or of a key."""
        if isinstance(self.record, ProductKey):
            return key_status(self.record)
        return licence_status(self.record, self.record.in_use)


@dataclass(frozen=True)
class Block:
    """A table beneath a record; ``is_cut`` where there are more than it shows."""

    title: str
    name: str
    rows: list[Any]
    is_cut: bool


def rows_of(user: Person, records: Iterable[Model]) -> list[Row]:
    """Each of the records with what this person may do to it."""
    return [
        Row(one, page_of(one), offers.beside(tables.of(type(one)), user, one)) for one in records
    ]


def beneath(user: Person, record: Model) -> list[Block]:
    """What belongs to a licence or a key: who is using it now, its keys, its devices, machines."""
    if isinstance(record, Licence):
        return filled(
            [
                block(user, "Planned", "planned", planned_for(record)),
                block(user, "In use now", "sessions", open_now().filter(licence=record)),
                with_use(block(user, "Keys", "keys", keys_of(record)), record),
                block(user, "Devices bound now", "devices", bound_to(record)),
            ]
        )
    if isinstance(record, ProductKey):
        used = sightings.machines(record, since=sightings.RECENT)
        return filled(
            [
                block(user, "In use now", "sessions", open_now().filter(key=record)),
                machines("Machines, 30 days", used),
            ]
        )
    return []


def key_status(key: ProductKey) -> str:
    """Active, superseded with or without an overlap, or revoked."""
    return "overlap" if is_in_overlap(key) else key.state


def filled(blocks: list[Block]) -> list[Block]:
    """Those that have anything in them."""
    return [one for one in blocks if one.rows]


def block(user: Person, title: str, name: str, records: QuerySet[Any]) -> Block:
    """The first of some records."""
    found = list(records[: MOST_BENEATH + 1])
    return Block(title, name, rows_of(user, found[:MOST_BENEATH]), len(found) > MOST_BENEATH)


def with_use(found: Block, licence: Licence) -> Block:
    """A licence's keys, each with where it was used, and how many programs run with it."""
    use = keys.use_of(licence)
    rows = [replace(row, use=use.get(row.record.pk, UNUSED)) for row in found.rows]
    return replace(found, rows=rows)


def machines(title: str, seen: list[Any]) -> Block:
    """The first of some machines, as keys were seen on them."""
    return Block(title, "machines", seen[:MOST_BENEATH], len(seen) > MOST_BENEATH)


def open_now() -> QuerySet[ClientSession]:
    """Sessions that hold a seat, longest first."""
    return tables.of(ClientSession).rows().filter(ended_at=None).order_by("started_at", "pk")


def keys_of(licence: Licence) -> QuerySet[ProductKey]:
    """The keys of a licence, the last first."""
    return tables.of(ProductKey).rows().filter(licence=licence)


def planned_for(licence: Licence) -> QuerySet[PlannedSeats]:
    """What changes of its seats by itself, the earliest first."""
    return licence.planned_seats.open().select_related("licence__account").order_by("on", "pk")


def bound_to(licence: Licence) -> QuerySet[Device]:
    """The devices that its seats are bound to now."""
    return tables.of(Device).rows().filter(licence=licence, unbound_at=None)
