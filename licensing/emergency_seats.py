"""Emergency seats: more at once, that go back by themselves after some hours."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models.functions import Now

from licensing import audit, clock, licences, limits, pools
from licensing.errors import AlreadyDone, InvalidOperation
from licensing.models import Licence, PlannedSeats

MOST_HOURS = 72


def require_possible(licence: Licence, added: int, hours: int) -> None:
    """Raise InvalidOperation unless the licence can have so many more seats for so long."""
    if not licence.is_concurrent:
        raise InvalidOperation(
            f"{licence} is no pool: a device that took an emergency seat would keep it."
        )
    if not 1 <= hours <= MOST_HOURS:
        raise InvalidOperation(f"Emergency seats last 1 to {MOST_HOURS} hours.", part="hours")
    if added < 1:
        raise InvalidOperation("Emergency seats are 1 or more.", part="added")
    if limits.emergency_seats_of(licence):
        raise InvalidOperation(f"{licence} has emergency seats already: end those first.")
    limits.require_seats(licence.seats + added, part="added")


def wanted_by(by: audit.Actor) -> dict[str, object]:
    """Who wants it, and what staff keep of it, as a row has it."""
    kept = audit.current_for_staff.get()
    return {
        "actor_kind": by.kind,
        "actor_id": by.id,
        "actor_name": by.name,
        "ticket": kept.ticket,
        "staff_words": kept.words,
        "is_quiet": kept.is_quiet,
    }


@transaction.atomic
def give(
    licence: Licence, added: int, *, hours: int, by: audit.Actor, reason: str = ""
) -> PlannedSeats:
    """Give a pool so many seats more for so many hours, beside those that it has.

    Raise InvalidOperation when it cannot be, or it has emergency seats already.
    """
    locked = pools.lock(licence.pk)
    require_possible(locked, added, hours)
    until = clock.database_time() + dt.timedelta(hours=hours)
    given = PlannedSeats.objects.create(
        licence=locked,
        until=until,
        added=added,
        reason=reason,
        **wanted_by(by),
    )
    told = {"emergency": added, "until": until.isoformat()}
    licences.put_seats(locked, locked.seats + added, by=by, reason=reason, **told)
    return given


def left_without(given: PlannedSeats, licence: Licence) -> int:
    """How many seats the licence has once these have gone back: 1 at the least."""
    return max(1, licence.seats - (given.added or 0))


@transaction.atomic
def end(given: PlannedSeats, *, by: audit.Actor, reason: str = "") -> Licence:
    """Take back as many seats as were given; return the licence.

    Nobody is closed: a pool with more in use drains, as it does when its limit is lowered. Raise
    AlreadyDone when they went back already.
    """
    locked = pools.lock(given.licence_id)
    still_open = PlannedSeats.objects.open().emergencies().filter(pk=given.pk)
    if not still_open.update(done_at=Now()):
        raise AlreadyDone("These emergency seats have gone back already.")
    assert given.added is not None  # as the schema says of an emergency
    left = left_without(given, locked)
    licences.put_seats(locked, left, by=by, reason=reason, gone_back=given.added)
    return locked
