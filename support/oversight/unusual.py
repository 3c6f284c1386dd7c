"""What staff do that is unusual, by rules that the page tells: each entry by itself.

Nothing here says that it was wrong. Whoever signs the week looks, and asks.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields import BooleanField
from django.db.models.functions import ExtractHour

from licensing.models import AuditEntry
from portal.models import CustomerRequest
from portal.sign_in import visits
from support.oversight.busy import MOST_ACCOUNTS, many_accounts

FROM_HOUR, UNTIL_HOUR = 6, 22
ZONE = zoneinfo.ZoneInfo(settings.TIME_ZONE)
"""The vendor's own."""


@dataclass(frozen=True)
class Flag:
    """One rule: what the entry is marked with, what it means, and for which entries it holds; None
    where the time in which one looks says so."""

    label: str
    rule: str
    holds: Q | None


FLAGS = {
    "is_many": Flag(
        "Many accounts",
        f"The person viewed or changed more than {MOST_ACCOUNTS} accounts within one hour.",
        None,
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
    """What the vendor's people did for accounts, an import being one act, and which they viewed."""
    return AuditEntry.objects.wholes().filter(actor_kind="support")


def watched(since: dt.datetime, until: dt.datetime) -> QuerySet[AuditEntry]:
    """The same between two moments, each told whether it is unusual, and by which rules."""
    known = deeds().filter(at__gte=since, at__lt=until)
    known = known.annotate(hour=ExtractHour("at", tzinfo=ZONE), had_request=Exists(open_requests()))
    many = many_accounts(since, until)
    return known.annotate(
        **{
            name: Case(
                When(flag.holds or many, then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
            for name, flag in FLAGS.items()
        }
    )


def open_requests() -> QuerySet[CustomerRequest]:
    """Requests of an entry's customer that waited for an answer when it was written."""
    waited = Q(answered_at=None) | Q(answered_at__gt=OuterRef("at"))
    return CustomerRequest.objects.filter(
        waited, account=OuterRef("account"), asked_at__lte=OuterRef("at")
    )


def flags_of(entry: AuditEntry) -> list[Flag]:
    """The rules by which an entry is unusual."""
    return [flag for name, flag in FLAGS.items() if getattr(entry, name)]
