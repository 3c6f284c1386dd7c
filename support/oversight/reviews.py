"""The weekly review: a supervisor looks through what staff did in a week, and signs that.

A week is signed once, when it is over, and never by somebody who did something in it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import AuditEntry
from portal.words.names import short_name
from support.models import ActivityReview
from support.oversight.unusual import UNUSUAL, ZONE, watched
from support.words import day, number_of

WEEK = dt.timedelta(days=7)
WAITING_SHOWN = 8
"""Weeks that nobody signed are shown for so long."""


@dataclass(frozen=True)
class Week:
    """What was done in a week, by its Monday in the vendor's zone."""

    monday: dt.date
    deeds: int
    people: int
    accounts: int
    unusual: int

    @property
    def sunday(self) -> dt.date:
        return self.monday + WEEK - dt.timedelta(days=1)

    @property
    def words(self) -> str:
        """All of it in a sentence."""
        return (
            f"{number_of(self.deeds, 'act or view', 'acts and views').capitalize()} by "
            f"{number_of(self.people, 'person', 'people')} for "
            f"{number_of(self.accounts, 'account')}; {number_of(self.unusual, 'unusual one')}."
        )


def monday_of(date: dt.date) -> dt.date:
    """The Monday of a day's week."""
    return date - dt.timedelta(days=date.weekday())


def this_monday() -> dt.date:
    """When the week began that is not over."""
    return monday_of(timezone.localdate(timezone=ZONE))


def entries_of(monday: dt.date) -> QuerySet[AuditEntry]:
    """What was done in a week."""
    first, after = (dt.datetime.combine(date, dt.time(), ZONE) for date in (monday, monday + WEEK))
    return watched(first, after)


def week_of(monday: dt.date) -> Week:
    """What was done in a week, counted."""
    counted = entries_of(monday).aggregate(
        deeds=Count("pk"),
        people=Count("actor_id", distinct=True),
        accounts=Count("account", distinct=True),
        unusual=Count("pk", filter=UNUSUAL),
    )
    return Week(monday, **counted)


def waiting() -> list[Week]:
    """The last weeks that are over and nobody signed, the last first."""
    mondays = [this_monday() - WEEK * number for number in range(1, WAITING_SHOWN + 1)]
    over = ActivityReview.objects.filter(week__in=mondays)
    are_signed = set(over.values_list("week", flat=True))
    return [week_of(monday) for monday in mondays if monday not in are_signed]


def why_not(monday: dt.date, by: Actor) -> str:
    """Why this person does not sign that week, or ""."""
    if monday >= this_monday():
        return f"The week from {day(monday)} is not over yet."
    if signed := ActivityReview.objects.filter(week=monday).first():
        return f"{short_name(signed.signed_by)} has signed the week from {day(monday)}."
    if entries_of(monday).filter(actor_id=by.id).exists():
        return "You did something in this week yourself: another supervisor has to sign it."
    return ""


@transaction.atomic
def sign(monday: dt.date, *, by: Actor, note: str) -> ActivityReview:
    """Write down that somebody looked through a week; raise InvalidOperation if they may not."""
    if refused := why_not(monday, by):
        raise InvalidOperation(refused)
    week = week_of(monday)
    told = {"deeds": week.deeds, "unusual": week.unusual, "note": note}
    review, is_new = ActivityReview.objects.get_or_create(
        week=monday, defaults=told | {"signer": by.id, "signed_by": by.name}
    )
    if not is_new:
        raise InvalidOperation(why_not(monday, by))
    return review


def signed() -> QuerySet[ActivityReview]:
    """All that was ever signed, the last week first."""
    return ActivityReview.objects.order_by("-week")
