"""An account's working hours: what all figures of working time are counted by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

from django.db import transaction

from licensing import audit
from licensing.models import Account

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class WorkingHours(NamedTuple):
    """From when until when, on which days (Monday is 0). They end at midnight at the latest."""

    days: tuple[int, ...]
    opens: dt.time
    closes: dt.time

    @property
    def as_recorded(self) -> str:
        """Such as "Mon Tue Wed 07:00-19:00"; see ``recorded``."""
        days = " ".join(DAYS[day] for day in self.days)
        return f"{days} {self.opens:%H:%M}-{self.closes:%H:%M}"


def recorded(text: str) -> WorkingHours:
    """What the audit record says; raise ValueError where it says no working hours."""
    *days, times = text.split()
    opens, _, closes = times.partition("-")
    return WorkingHours(
        tuple(map(DAYS.index, days)), dt.time.fromisoformat(opens), dt.time.fromisoformat(closes)
    )


def of_account(account: Account) -> WorkingHours:
    """Those that an account has."""
    return WorkingHours(tuple(account.works_on), account.works_from, account.works_until)


@transaction.atomic
def change(
    account: Account,
    *,
    days: Collection[int],
    opens: dt.time,
    closes: dt.time,
    by: audit.Actor,
    reason: str = "",
) -> bool:
    """Count working time by other hours, of the past too; False when they are theirs already."""
    locked = Account.objects.locked(account.pk)
    before, after = of_account(locked), WorkingHours(tuple(sorted(days)), opens, closes)
    if before == after:
        return False
    locked.works_on, locked.works_from, locked.works_until = list(after.days), opens, closes
    locked.save(update_fields=["works_on", "works_from", "works_until"])
    told = {"before": before.as_recorded, "after": after.as_recorded}
    audit.record(locked, "working_hours_changed", by=by, reason=reason, **told)
    return True
