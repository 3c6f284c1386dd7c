"""The features that a licence includes: added, limited in another way, and taken away again.

Nobody is thrown out. A program learns of it at its next refresh, which tells the features of its
session.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Now

from licensing import audit, clock, limits, orders, pools
from licensing.errors import AlreadyDone, InvalidOperation
from licensing.models import (
    ClientSession,
    Feature,
    FeatureSeat,
    Hold,
    Licence,
    LicenceFeature,
    LimitChange,
)


def include(licence: Licence, feature: Feature, *, seats: int | None = None) -> LicenceFeature:
    """Include a feature in a licence, for so many people at once or, with None, for all."""
    [included] = include_all([LicenceFeature(licence=licence, feature=feature, seats=seats)])
    return included


def include_all(wanted: Iterable[LicenceFeature]) -> list[LicenceFeature]:
    """Include each of these new ones in its licence."""
    included = LicenceFeature.objects.bulk_create(wanted, batch_size=limits.MOST_ROWS)
    seats = (FeatureSeat(licence_feature=one) for one in included for _ in range(one.seats or 0))
    FeatureSeat.objects.bulk_create(seats, batch_size=limits.MOST_ROWS)
    limits.note_all((one.licence, one) for one in included)
    return included


@transaction.atomic
def put(
    licence: Licence, feature: Feature, *, seats: int | None, by: audit.Actor, reason: str = ""
) -> LicenceFeature:
    """Include a feature, or change for how many people at once; None: as many as have a seat.

    Whoever holds a seat of it keeps it; with fewer than are held nobody new gets one until use
    is below the limit. Where it had no limit those keep it who asked for it and are at work.
    Raise AlreadyDone when it is so, InvalidOperation for a feature of another product or an
    impossible limit.
    """
    locked = pools.lock(licence.pk)
    require_sensible(locked, feature, seats)
    included = locked.licence_features.filter(feature=feature).first()
    if included is None:
        added = include(locked, feature, seats=seats)
        of = {"feature": feature.code, "name": feature.name}
        audit.record(locked, "feature_added", by=by, reason=reason, seats=seats, **of)
        return added
    return change_limit(locked, included, seats, by=by, reason=reason)


def change_limit(
    licence: Licence, included: LicenceFeature, seats: int | None, *, by: audit.Actor, reason: str
) -> LicenceFeature:
    """Change the limit of a feature that a locked licence includes already."""
    before, included.seats = included.seats, seats
    if before == seats:
        raise AlreadyDone(f"{licence} includes {included} like that already.")
    included.save(update_fields=["seats"])
    fit(included, before)
    limits.note(licence, included)
    audit.record(
        licence,
        "feature_limit_changed",
        by=by,
        reason=reason,
        feature=included.feature.code,
        name=included.feature.name,
        before=before,
        after=seats,
    )
    return included


@transaction.atomic
def remove(licence: Licence, feature: Feature, *, by: audit.Actor, reason: str = "") -> None:
    """Take a feature out of a licence: whoever has it open loses it at their next refresh.

    Raise AlreadyDone when the licence does not include it.
    """
    locked = pools.lock(licence.pk)
    included = locked.licence_features.filter(feature=feature).first()
    if included is None:
        raise AlreadyDone(f"{locked} does not include {feature}.")
    take_all_back(included)
    LimitChange.objects.create(licence=locked, feature=feature, seats=0, since=Now())
    seats = included.seats
    included.delete()
    of = {"feature": feature.code, "name": feature.name}
    audit.record(locked, "feature_removed", by=by, reason=reason, seats=seats, **of)


def require_sensible(licence: Licence, feature: Feature, seats: int | None) -> None:
    """Raise InvalidOperation for a feature of another product, or a limit above the seats."""
    if feature.product_id != licence.product_id:
        raise InvalidOperation(f"{feature} is no feature of {licence.product}.")
    if seats is not None:
        limits.require_seats(seats)
        orders.require_limit_within(feature, seats, licence.seats, part="seats")


def fit(included: LicenceFeature, before: int | None) -> None:
    """Make the seats of a feature of a locked licence match its new limit.

    A limit of its own is kept at each taking; what is held above it comes back in time.
    """
    if included.seats is None:
        take_all_back(included)
        return
    if before is None:
        give_to_those_at_work(included)
    rows = list(included.seat_rows.select_for_update().order_by("pk"))
    surplus = len(rows) - included.seats
    add_seats(included, -surplus)
    free = [row.pk for row in rows if row.session_id is None]
    FeatureSeat.objects.filter(pk__in=free[: max(surplus, 0)]).delete()


def give_to_those_at_work(included: LicenceFeature) -> None:
    """A seat to each open session that asked for the feature while everybody had it.

    A session that is ending is waited for, and gets none.
    """
    asked = ClientSession.objects.active().filter(
        licence=included.licence_id, features__contains=[included.feature.code]
    )
    at_work = asked.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
    FeatureSeat.objects.bulk_create(
        FeatureSeat(licence_feature=included, session_id=session, held_since=Now())
        for session in list(at_work)
    )


def take_all_back(included: LicenceFeature) -> None:
    """End the holds of a feature's seats, and remove these. What was held is kept for usage."""
    rows = included.seat_rows.select_for_update(of=["self"]).select_related("session")
    holders = [(row, row.session) for row in rows.order_by("pk") if row.session]
    until = clock.database_time()
    Hold.objects.bulk_create(
        Hold(
            licence_id=included.licence_id,
            feature_id=included.feature_id,
            session=session.pk,
            held_since=row.held_since or session.held_since or session.started_at,
            held_until=until,
        )
        for row, session in holders
    )
    included.seat_rows.all().delete()


def add_seats(included: LicenceFeature, number: int) -> None:
    """Add so many free seats; none if ``number`` is not positive."""
    FeatureSeat.objects.bulk_create(FeatureSeat(licence_feature=included) for _ in range(number))
