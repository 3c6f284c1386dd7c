"""Records: what the database holds about a fleet, counted by outcome."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, QuerySet, Sum

from licensing.models import AuditEntry, ClientSession, Denial, Device, Licence
from licensing.models.sessions import EndReason
from support.demo.fleet.administrators import ADMINISTRATORS
from support.demo.fleet.ledger import LEFT
from support.demo.fleet.targets import Target


@dataclasses.dataclass(frozen=True, slots=True)
class Records:
    """The server's side of a fleet's account."""

    opened: int
    ended: Counter[str]
    denied: Counter[str]
    unbound: Counter[str]
    deeds: Counter[str]


def of(targets: Sequence[Target]) -> Records:
    """What is recorded of the targets' licences and their administrators."""
    serials = [target.serial_number for target in targets]
    licences = Licence.objects.filter(keys__serial_number__in=serials)
    sessions = ClientSession.every.filter(licence__in=licences)
    ended = counted(sessions, "end_reason", Count("pk"))
    ended[LEFT] += ended.pop(EndReason.RECLAIMED, 0) + ended.pop(EndReason.REPLACED, 0)
    deeds = AuditEntry.objects.filter(
        account__in=licences.values("account"), actor_name=ADMINISTRATORS.name
    )
    return Records(
        opened=sessions.count(),
        ended=ended,
        denied=counted(Denial.every.filter(licence__in=licences), "code", Sum("count")),
        unbound=counted(
            Device.objects.filter(licence__in=licences, unbound_at__isnull=False),
            "unbinding",
            Count("pk"),
        ),
        deeds=counted(deeds, "action", Count("pk")),
    )


def counted(rows: QuerySet[Any], by: str, number: Count | Sum) -> Counter[str]:
    """The rows' number for each value of a column."""
    return Counter(dict(rows.order_by().values_list(by).annotate(number)))
