"""Limited features: those that fewer people may use at once than the licence has seats."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import partial

from licensing import pools, refusals
from licensing.hot import fetch_value
from licensing.identity import Asker
from licensing.models import ClientSession, Licence, LicenceFeature
from licensing.pool_statements import TAKE_FEATURE


def take(session_id: uuid.UUID, licence: Licence, codes: Iterable[str], *, asker: Asker) -> None:
    """Take a seat of each limited feature among ``codes`` for a session of a locked licence.

    Those that it holds it keeps; sessions that are stale, or make way for ``asker``, give back
    theirs. Raise PoolExhausted with those that have no seat; the caller's transaction then
    takes nothing at all.
    """
    wanted = licence.licence_features.limited().filter(feature__code__in=codes)
    missing = wanted.exclude(seat_rows__session=session_id).select_related("feature")
    full = [
        included
        for included in missing.order_by("pk")
        if not pools.making_room(
            licence, asker, partial(take_one, session_id, included), feature=included
        )
    ]
    if full:
        raise refusals.features_exhausted(licence, full)


def take_one(session_id: uuid.UUID, included: LicenceFeature) -> bool:
    """Take a free seat of a limited feature, if there is one."""
    values = {"session": session_id, "feature": included.pk, "seats": included.seats}
    return bool(fetch_value(TAKE_FEATURE, values))


def remember(session_id: uuid.UUID, codes: Iterable[str]) -> None:
    """Note what a session of a locked licence took later, so that it returns with all it had."""
    session = ClientSession.objects.get(pk=session_id)
    session.features = sorted({*session.features, *codes})
    session.save(update_fields=["features"])
