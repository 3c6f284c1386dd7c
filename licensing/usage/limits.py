"""Limits over time: how many seats there were, from when to when."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from licensing.models import Licence, LicenceFeature, LimitChange


class LimitSince(NamedTuple):
    """How many seats there are from ``start`` until the next one's; None: as many as anybody wants.

    That of a feature which is not limited is None.
    """

    start: dt.datetime
    seats: int | None


def of_licence(licence: Licence, since: dt.datetime, until: dt.datetime) -> list[LimitSince]:
    """The limits of a licence in the range, in order; the first may begin before it.

    None for a time before the licence was there.
    """
    return steps(licence.pk, None, since, until)


def of_feature(
    included: LicenceFeature, since: dt.datetime, until: dt.datetime
) -> list[LimitSince]:
    """As ``of_licence``, of a feature that a licence includes."""
    return steps(included.licence_id, included.feature_id, since, until)


def steps(
    licence_id: int, feature_id: int | None, since: dt.datetime, until: dt.datetime
) -> list[LimitSince]:
    """The limit in force as the range begins and those that follow in it, each unlike the last."""
    changes = LimitChange.objects.filter(licence=licence_id, feature=feature_id, since__lt=until)
    found: list[LimitSince] = []
    for limit in changes.order_by("since", "pk").values_list("since", "seats"):
        step = LimitSince(*limit)
        if found and (found[-1].start == step.start or step.start <= since):
            found.pop()
        if not found or found[-1].seats != step.seats:
            found.append(step)
    return found
