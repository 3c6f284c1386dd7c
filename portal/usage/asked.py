"""Which use an address asks for: of which licences, on which days, and how it is counted.

Days and working time are those of the account's clocks, whoever looks.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from licensing.models import Account, ClientSession, Licence
from licensing.usage import working_hours
from licensing.usage.groups import Grouping
from licensing.usage.sizes import LEAST_USE
from licensing.usage.values import QUARTER, Span
from licensing.usage.working_time import DAY, WorkingTime, midnight, of_account
from portal.lists import periods
from portal.lists.listing import Parameter, one_of
from portal.lists.paging import on_first_page
from portal.lists.periods import Period
from portal.usage.chosen import ChosenLicences
from portal.words.working_hours import in_words

AT_WORK = Parameter("hours", one_of(["working"]))
COMPARED = Parameter("compare", one_of(["1"]))
GROUPED = Parameter("group", one_of(Grouping), is_link=True)
WITH_WHO = Parameter("who", one_of(["1"]), is_link=True)
DAYS_AT_FIRST = 30
WEEK = dt.timedelta(weeks=1)
LONGEST = 400
"""Days: 12 months, and some to see the same month of the year before."""
MOST, MOST_OF_A_DAY = 20, 100
"""How many licences are counted at once."""
QUICKLY_READ = 15_000
"""Sessions: who used more of them is told when somebody asks, for it takes a moment."""


@dataclass(frozen=True)
class Range:
    """Days of an account, both included."""

    first: dt.date
    last: dt.date
    working: WorkingTime

    @cached_property
    def since(self) -> dt.datetime:
        return midnight(self.first, self.working.zone)

    @cached_property
    def until(self) -> dt.datetime:
        """When the last day ends, but not later than now."""
        return min(midnight(self.last + DAY, self.working.zone), timezone.now())

    @property
    def length(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Range:
        """The last days before these that are as many, and the same days of the week.

        Monday to Friday are not measured by a weekend: 30 days by those of 5 weeks before.
        """
        earlier = WEEK * math.ceil(self.length / WEEK.days)
        return Range(self.first - earlier, self.last - earlier, self.working)

    @cached_property
    def days(self) -> list[dt.date]:
        """Those that have begun, in order."""
        days = (self.first + DAY * number for number in range(self.length))
        return [day for day in days if day <= today(self.working)]

    def is_working_day(self, day: dt.date) -> bool:
        return day.weekday() in self.working.days

    @cached_property
    def spans_of_days(self) -> list[Span[dt.date]]:
        """The same, each from midnight to midnight."""
        all_and_next = [*self.days, *(day + DAY for day in self.days[-1:])]
        midnights = pairwise(midnight(day, self.working.zone) for day in all_and_next)
        return [Span(*ends, day) for ends, day in zip(midnights, self.days, strict=True)]

    @cached_property
    def spans_at_work(self) -> list[Span[dt.date]]:
        """The working time that has begun, in order, each piece with its day."""
        return list(self.working.spans(self.since, self.until))

    @cached_property
    def working_quarters(self) -> frozenset[int]:
        """The quarters of working time that have begun, by their numbers."""
        return frozenset(chain.from_iterable(numbers(*span[:2]) for span in self.spans_at_work))


def last_days(working: WorkingTime, days: int = DAYS_AT_FIRST) -> Range:
    """So many days up to today; without a number those that are told before anybody asks."""
    last = today(working)
    return Range(last - DAY * (days - 1), last, working)


def starts(since: dt.datetime, until: dt.datetime) -> list[dt.datetime]:
    """Where each quarter of an hour begins, of a time that begins with one."""
    return [since + QUARTER * number for number in range(-((since - until) // QUARTER))]


def numbers(since: dt.datetime, until: dt.datetime) -> range:
    """The numbers of the same."""
    return range(number_of(since), number_of(since) - ((since - until) // QUARTER))


def number_of(quarter: dt.datetime) -> int:
    """Which quarter of an hour since 1970 begins then: numbers are told apart quickly."""
    return int(quarter.timestamp() // QUARTER.total_seconds())


def today(working: WorkingTime) -> dt.date:
    """The day that it is there."""
    return timezone.localdate(timezone=working.zone)


class UseAsked:
    """What an address asks for. ``problem`` says what is wrong with it, in words; nothing is
    counted then.

    Raise Http404 for a licence that is not the account's.
    """

    def __init__(self, account: Account, parameters: QueryDict) -> None:
        self.account, self.parameters = account, parameters
        self.working = of_account(account)
        self.choice = ChosenLicences(account, parameters)
        self.only_working = AT_WORK.of(parameters) is not None
        self.compares = COMPARED.of(parameters) is not None
        self.choice.require_known()

    @property
    def working_hours(self) -> str:
        """Working time in words."""
        return in_words(working_hours.of_account(self.account))

    @property
    def counted_hours(self) -> str:
        """The same, and whether only they are counted."""
        if not self.only_working:
            return self.working_hours
        return _("%(hours)s. Nothing else is counted.") % {"hours": self.working_hours}

    @cached_property
    def wanted(self) -> list[Licence]:
        """Those that are chosen; before anybody chose, the pools."""
        if self.choice.is_narrowed:
            return self.choice.found
        return self.choice.pools or self.choice.possible

    @property
    def most(self) -> int:
        """How many of them can be counted."""
        return MOST_OF_A_DAY if self.range.length == 1 else MOST

    @property
    def licences(self) -> list[Licence]:
        """Those that are counted."""
        return self.wanted[: self.most]

    @cached_property
    def range(self) -> Range:
        """The days that are asked for, as they are written; see ``problem``."""
        if self.length_asked:
            return last_days(self.working, self.length_asked)
        first, last = (periods.date_in(self.parameters, name) for name in ("from", "until"))
        last = last or today(self.working)
        return Range(first or last - DAY * (DAYS_AT_FIRST - 1), last, self.working)

    @property
    def period(self) -> Period:
        """The days as the form of filters shows them: open if they last until today."""
        last = self.range.last
        return Period(self.range.first, None if last == today(self.working) else last)

    @property
    def length_asked(self) -> int | None:
        """The usual length that is asked for, if it is one, or if nothing is asked for."""
        if length := periods.length_in(self.parameters, today(self.working)):
            return length
        return None if periods.has_dates(self.parameters) else DAYS_AT_FIRST

    @property
    def problem(self) -> str:
        """What is wrong with it, in words; "" if nothing is."""
        return self.choice.problem or self.problem_of_days

    @cached_property
    def problem_of_days(self) -> str:
        """What is wrong with the days."""
        first, last = self.range.first, self.range.last
        if problem := periods.problem_in(self.parameters, first, last, today(self.working)):
            return problem
        if self.range.length > LONGEST:
            return _("A range can have up to %(days)s days. Choose a shorter one.") % {
                "days": LONGEST
            }
        return ""

    @property
    def lengths(self) -> list[tuple[int, str, bool]]:
        """The usual numbers of days, each with its address and whether it is shown."""
        return [
            (days, self.query_with(**periods.last(days)), self.length_asked == days)
            for days in (*periods.USUAL, periods.YEAR)
        ]

    def query_with(self, **changes: str) -> str:
        """This view's query string with some parameters changed; "" takes one away."""
        query = on_first_page(self.parameters)
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return query.urlencode()

    @property
    def moments(self) -> dict[str, object]:
        """The range for the API: from the one until before the other."""
        return {
            "since": self.range.since,
            "until": midnight(self.range.last + DAY, self.working.zone),
        }

    @property
    def grouping(self) -> Grouping:
        """By what use is grouped: at first by pools, and one pool by its keys."""
        at_first = Grouping.POOL if len(self.licences) > 1 else Grouping.KEY
        return GROUPED.of(self.parameters) or at_first

    @cached_property
    def tells_who(self) -> bool:
        """Whether it is told by whom seats were used: of very many sessions only if asked for."""
        return self.asks_who or self.are_few(self.licences, self.range.since, self.range.until)

    @cached_property
    def tells_other_model(self) -> bool:
        """The same of whom the other model would serve better, which is told of four weeks."""
        now = timezone.now()
        return self.asks_who or self.are_few(self.choice.found, now - LEAST_USE, now)

    @property
    def asks_who(self) -> bool:
        return WITH_WHO.of(self.parameters) is not None

    def are_few(self, licences: Sequence[Licence], since: dt.datetime, until: dt.datetime) -> bool:
        """Whether no more sessions began in a time than can be told quickly."""
        began = ClientSession.every.filter(
            licence__in=[licence.pk for licence in licences],
            started_at__gte=since,
            started_at__lt=until,
        )
        return began.order_by()[: QUICKLY_READ + 1].count() <= QUICKLY_READ

    @property
    def who_url(self) -> str:
        """The address of this view with who used the seats."""
        return f"?{self.query_with(who='1')}#groups"

    @property
    def as_asked(self) -> dict[str, object]:
        """What the API is asked for the hours of these licences and days."""
        return {"licences": self.choice.as_asked} | self.moments

    @property
    def to_denials(self) -> str:
        """What the list of denials is asked for the same licences and days."""
        asked = {"only": "true", "from": str(self.range.first), "until": str(self.range.last)}
        return urlencode(asked | self.choice.as_written)
