"""The calendar of renewals: one's secret address, and what is read there (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from licensing import clock
from portal.desk import staff_history
from portal.models import User
from portal.reports.calendars import End, calendar_of
from portal.sign_in import secret_addresses
from support import renewals
from support.models import RenewalCalendar
from support.oversight.unusual import ZONE
from support.words import number_of

KIND = "renewals"
BEFORE, AFTER = dt.timedelta(days=31), dt.timedelta(days=366)
"""From when to when renewals stand in the calendar."""
MOST = 5_000


@transaction.atomic
def make(person: User) -> str:
    """The code of a new address of theirs, told once; an earlier one no longer works."""
    code = secret_addresses.new_code()
    values = {
        "digest": secret_addresses.digest(code, KIND),
        "made_at": clock.database_time(),
    }
    RenewalCalendar.objects.update_or_create(person=person, defaults=values)
    staff_history.note(person, "Made the address of their calendar of renewals.", by=person)
    return code


@transaction.atomic
def remove(person: User) -> bool:
    """Nobody reads there any more; False when there was none."""
    if not RenewalCalendar.objects.filter(person=person).delete()[0]:
        return False
    staff_history.note(person, "Removed the address of their calendar of renewals.", by=person)
    return True


def find(code: str) -> RenewalCalendar | None:
    """Whose calendar is read at an address; None if it is nobody's who may see renewals now."""
    found = RenewalCalendar.objects.filter(digest=secret_addresses.digest(code, KIND))
    calendar = found.select_related("person").first()
    if calendar is None or not calendar.person.is_staff:
        return None
    return calendar if calendar.person.has_perm(renewals.SEE) else None


def written(calendar: RenewalCalendar) -> bytes:
    """The calendar, the same bytes until something of it changes."""
    return calendar_of("Renewals due", ends(), calendar.made_at)


def ends() -> Iterator[End]:
    """The last days of licences, those that are over for a month too."""
    today = timezone.localdate(timezone=ZONE)
    found = renewals.going_on().filter(ends_on__gte=today - BEFORE, ends_on__lte=today + AFTER)
    for licence in found.order_by("ends_on", "pk")[:MOST]:
        seats = number_of(licence.ordered_seats, "seat")  # type: ignore[attr-defined]
        ending = "ends" if seats.startswith("1 ") else "end"
        url = reverse("support:licence", args=[licence.pk])
        assert licence.ends_on is not None  # the query leaves the others out
        text = f"{licence.account}: {licence}, {seats} {ending}"
        yield End(f"renewal-{licence.pk}", licence.ends_on, text, url)
