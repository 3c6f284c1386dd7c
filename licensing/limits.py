"""The limit of a licence: how many seats it has. Its seat rows follow that number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now

from licensing.errors import InvalidOperation
from licensing.models import Licence, LicenceFeature, LimitChange, PlannedSeats, Seat

MOST_SEATS = 100_000
MOST_ROWS = 1000
"""So many rows are written by one statement."""
ADD_SEATS = """
    INSERT INTO licensing_seat (account_id, licence_id, draining)
    SELECT account, licence, false
    FROM unnest(%(accounts)s::bigint[], %(licences)s::bigint[], %(numbers)s::int[])
        AS wanted (account, licence, number), generate_series(1, number)
"""
SEATS_OF_A_STATEMENT = 50_000
"""So many seats are added, or one licence's, before the database is asked again."""


def require_seats(seats: int, *, part: str = "seats") -> None:
    """Raise InvalidOperation unless it is a number of seats that a licence can have."""
    if not 1 <= seats <= MOST_SEATS:
        raise InvalidOperation(
            f"A licence has between 1 and {MOST_SEATS:,} seats, not {seats:,}. "
            "To stop all use, suspend the licence.",
            part=part,
        )


def emergency_seats_of(licence: Licence) -> int:
    """How many of its seats are emergency seats, which go back by themselves."""
    running = licence.planned_seats.open().emergencies().values_list("added", flat=True)
    return running.first() or 0


def ordered_seats_of(licence: Licence) -> int:
    """How many of its seats were ordered, and so do not go back by themselves."""
    return licence.seats - emergency_seats_of(licence)


def with_ordered_seats(licences: QuerySet[Licence]) -> QuerySet[Any, Any]:
    """Each licence with the same, as ``ordered_seats``."""
    running = PlannedSeats.objects.open().emergencies().filter(licence=OuterRef("pk"))
    added = Coalesce(Subquery(running.values("added")), 0)
    return licences.annotate(ordered_seats=F("seats") - added)


def fit(licence: Licence) -> None:
    """Make the seat rows of a locked licence match its limit.

    Nobody is thrown out: what cannot be removed drains. While a pool drains, every
    held seat is marked, so that each seat given back is removed and no check-out
    succeeds until use is below the limit.
    """
    locked = licence.seat_rows.select_for_update().order_by("pk").values_list("pk", flat=True)
    surplus = len(locked) - licence.seats
    add_seats(licence, -surplus)
    removed = remove_free_seats(licence, surplus)
    if licence.is_concurrent:
        licence.seat_rows.held().update(draining=removed < surplus)


def remove_free_seats(licence: Licence, number: int) -> int:
    """Remove up to so many free seats that no device is bound to; return how many."""
    bound = licence.devices.bound().values("seat")
    spare = licence.seat_rows.free().exclude(pk__in=bound).values_list("pk", flat=True)
    removed, _ = Seat.objects.filter(pk__in=list(spare[: max(number, 0)])).delete()
    return removed


def add_seats(licence: Licence, number: int) -> None:
    """Add so many free seats; none if ``number`` is not positive."""
    add_seats_to([(licence, number)])


def add_seats_to(wanted: Iterable[tuple[Licence, int]]) -> None:
    """Add so many free seats to each of the licences."""
    for some in in_parts(wanted):
        values = {
            "accounts": [licence.account_id for licence, _ in some],
            "licences": [licence.pk for licence, _ in some],
            "numbers": [number for _, number in some],
        }
        with connection.cursor() as cursor:
            cursor.execute(ADD_SEATS, values)


def in_parts(wanted: Iterable[tuple[Licence, int]]) -> Iterator[list[tuple[Licence, int]]]:
    """As many licences at a time as one statement adds seats to."""
    part: list[tuple[Licence, int]] = []
    seats = 0
    for licence, number in wanted:
        part.append((licence, number))
        seats += number
        if seats >= SEATS_OF_A_STATEMENT or len(part) == MOST_ROWS:
            yield part
            part, seats = [], 0
    yield part


def note(licence: Licence, feature: LicenceFeature | None = None) -> None:
    """Keep how many seats the licence, or this feature of it, has from now on.

    After ``fit``: what was taken before is then held before, and what is added is not yet taken.
    """
    note_all([(licence, feature)])


def note_all(limited: Iterable[tuple[Licence, LicenceFeature | None]]) -> None:
    """The same of many licences, or features of theirs."""
    LimitChange.objects.bulk_create(
        (
            LimitChange(
                licence=licence,
                feature=feature.feature if feature else None,
                seats=(feature or licence).seats,
                since=Now(),
            )
            for licence, feature in limited
        ),
        batch_size=MOST_ROWS,
    )
