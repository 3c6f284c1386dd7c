"""The JSON of use over time that goes out of the customer API."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from msgspec import Meta

from licensing.api.documents import Document
from portal.usage.hours import LicenceHour


class AccountUse(Document, frozen=True, kw_only=True):
    """What use a licence had in one hour of UTC. Hours without any are left out."""

    start: Annotated[dt.datetime, Meta(description="When the hour begins.")]
    licence: int
    licence_name: str
    peak: Annotated[int, Meta(description="The most seats that were held at once.")]
    mean: Annotated[
        float, Meta(description="Seat-seconds divided by 3,600, also while the hour lasts.")
    ]
    limit: Annotated[
        int | None, Meta(description="The user limit as the hour ended; null: not known.")
    ]
    seconds_at_limit: Annotated[float, Meta(description="For how long no seat was free.")]
    people: int
    machines: int
    true_denials: Annotated[
        int, Meta(description="People whom it refused and who got no seat within 10 minutes.")
    ]


def use_document(found: LicenceHour) -> AccountUse:
    """An hour of a licence."""
    hour = found.hour
    return AccountUse(
        start=hour.start,
        licence=found.licence.pk,
        licence_name=found.licence.name,
        peak=hour.peak,
        mean=round(hour.mean, 6),
        limit=hour.limit,
        seconds_at_limit=hour.seconds_at_limit,
        people=hour.people,
        machines=hour.machines,
        true_denials=hour.true_denials,
    )
