"""What staff do that is unusual, by rules that the page tells: each entry by itself.

Nothing here says that it was wrong. Whoever signs the week looks, and asks.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields import BooleanField
from django.db.models.functions import ExtractHour

from licensing.models import AuditEntry
from portal.models import CustomerRequest
from portal.sign_in import visits

MOST_ACCOUNTS = 20
"""So many accounts within an hour are not yet unusual."""
WITHIN = dt.timedelta(hours=1)
FROM_HOUR, UNTIL_HOUR = 6, 22
ZONE = zoneinfo.ZoneInfo(settings.TIME_ZONE)
"""The vendor's own."""


@dataclass(frozen=True)
class Flag:
    """One rule: what the entry is marked with, what it means, and for which entries it holds."""

    label: str
    rule: str
    holds: Q


FLAGS = {
    "is_many": Flag(
        "Many accounts",
        f"The person viewed or changed more than {MOST_ACCOUNTS} accounts within one hour.",
        Q(accounts_of_hour__gt=MOST_ACCOUNTS),
    ),
    "is_unasked": Flag(
        "Nobody asked",
        "An account was viewed without a ticket, and no request of the customer's was open.",
        Q(action=visits.BEGAN, visit__ticket="", had_request=False),
    ),
    "is_late": Flag(
        "Unusual hour",
        f"It was before {FROM_HOUR:02}:00 or after {UNTIL_HOUR}:00 in {settings.TIME_ZONE}.",
        Q(hour__lt=FROM_HOUR) | Q(hour__gte=UNTIL_HOUR),
    ),
}
UNUSUAL = Q(is_many=True) | Q(is_unasked=True) | Q(is_late=True)


def deeds() -> QuerySet[AuditEntry]:
    """What the vendor's people did for accounts, and which they viewed."""
    return AuditEntry.objects.filter(actor_kind="support")


def watched() -> QuerySet[AuditEntry]:
    """The same, each told whether it is unusual, and by which rules."""
    known = deeds().annotate(
        hour=ExtractHour("at", tzinfo=ZONE),
        accounts_of_hour=Subquery(accounts_of_hour()),
        had_request=Exists(open_requests()),
    )
    return known.annotate(
        **{
            name: Case(
                When(flag.holds, then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
            for name, flag in FLAGS.items()
        }
    )


def accounts_of_hour() -> QuerySet[Any, Any]:
    """For how many accounts the person did something in the hour that ends with an entry."""
    of_hour = deeds().filter(
        actor_id=OuterRef("actor_id"), at__gt=OuterRef("at") - WITHIN, at__lte=OuterRef("at")
    )
    by_person = of_hour.order_by().values("actor_id")
    return by_person.annotate(n=Count("account", distinct=True)).values("n")


def open_requests() -> QuerySet[CustomerRequest]:
    """Requests of an entry's customer that waited for an answer when it was written."""
    waited = Q(answered_at=None) | Q(answered_at__gt=OuterRef("at"))
    return CustomerRequest.objects.filter(
        waited, account=OuterRef("account"), asked_at__lte=OuterRef("at")
    )


def flags_of(entry: AuditEntry) -> list[Flag]:
    """The rules by which an entry is unusual."""
    return [flag for name, flag in FLAGS.items() if getattr(entry, name)]
