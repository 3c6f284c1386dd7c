"""Seats from a date: planned, cancelled, and carried out when their day has begun."""

from __future__ import annotations

import datetime as dt

import structlog
from django.db import transaction
from django.db.models.functions import Now

from licensing import audit, emergency_seats, licences, limits, orders, pools
from licensing.audit import Actor, ForStaff
from licensing.errors import AlreadyDone, InvalidOperation
from licensing.models import Licence, PlannedSeats
from licensing.models.licences import LicenceState

logger = structlog.get_logger(__name__)


def require_possible(licence: Licence, seats: int, on: dt.date) -> None:
    """Raise InvalidOperation unless the licence can have so many seats from that day on."""
    limits.require_seats(seats)
    orders.require_term(on, None)
    if on <= licence.today:
        raise InvalidOperation(
            f"{on} has begun or passed: choose a later day, or none for a change at once.",
            part="on",
        )
    if same := licence.planned_seats.open().filter(on=on).first():
        raise InvalidOperation(
            f"{licence} has {same.seats:,} seats planned from {on} already: cancel that first.",
            part="on",
        )


def limit_before(licence: Licence, on: dt.date | None) -> int:
    """How many seats it has until that day, as planned; None: now. Emergency seats don't count."""
    if on is None:
        return limits.ordered_seats_of(licence)
    earlier = licence.planned_seats.open().filter(on__lt=on).order_by("on")
    seats = earlier.values_list("seats", flat=True).last()
    return seats or limits.ordered_seats_of(licence)


@transaction.atomic
def plan(licence: Licence, seats: int, *, on: dt.date, by: Actor, reason: str = "") -> PlannedSeats:
    """Give a licence another user limit from the start of a day where its account is.

    Emergency seats come on top of it. Raise InvalidOperation when it cannot be.
    """
    locked = pools.lock(licence.pk)
    require_possible(locked, seats, on)
    planned = PlannedSeats.objects.create(
        licence=locked, on=on, seats=seats, reason=reason, **emergency_seats.wanted_by(by)
    )
    audit.record(locked, "seats_planned", by=by, reason=reason, seats=seats, on=str(on))
    return planned


@transaction.atomic
def cancel(planned: PlannedSeats, *, by: Actor, reason: str = "") -> None:
    """Leave the user limit as it is on that day. Raise AlreadyDone when it is carried out."""
    locked = pools.lock(planned.licence_id)
    still_open = PlannedSeats.objects.open().changes().filter(pk=planned.pk)
    if not still_open.update(cancelled_at=Now()):
        raise AlreadyDone("This change is over: it was carried out or cancelled.")
    told = {"seats": planned.seats, "on": str(planned.on)}
    audit.record(locked, "seats_plan_cancelled", by=by, reason=reason, **told)


def carry_out_due() -> int:
    """Carry out whatever is due, each in a transaction of its own; return how many.

    One that cannot be is told in the log, tried again, and keeps no other waiting.
    """
    done = 0
    for pk in PlannedSeats.objects.due().values_list("pk", flat=True):
        try:
            done += carry_out(pk)
        except InvalidOperation as refusal:
            logger.warning("planned_seats_refused", planned_seats=pk, why=str(refusal))
    return done


@transaction.atomic
def carry_out(pk: int) -> bool:
    """Carry this out if it is due; False if it is not, or somebody else has done it.

    The entry names who planned it, and their reason. What a closed licence was to have is
    cancelled.
    """
    planned = PlannedSeats.objects.get(pk=pk)
    locked = pools.lock(planned.licence_id)
    if not PlannedSeats.objects.due().filter(pk=pk).exists():
        return False
    by = Actor(planned.actor_kind, planned.actor_id, planned.actor_name)
    kept = ForStaff(planned.ticket, planned.staff_words, is_quiet=planned.is_quiet)
    with audit.kept_for_staff(kept):
        if planned.added:
            emergency_seats.end(planned, by=by, reason=planned.reason)
        elif locked.state == LicenceState.CLOSED:
            cancel(planned, by=by, reason=planned.reason)
        else:
            change(planned, locked, by)
    return True


def change(planned: PlannedSeats, locked: Licence, by: Actor) -> None:
    """Change the limit of the locked licence as planned, and have it done."""
    PlannedSeats.objects.filter(pk=planned.pk).update(done_at=Now())
    assert planned.seats is not None  # as the schema says of a change
    licences.set_seats(locked, planned.seats, by=by, reason=planned.reason)
