"""Who was refused, as pages list it: filtered, true ones first, each with what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from licensing.denials import Counts, counted
from licensing.models import Account, Denial, Licence
from licensing.models.denials import CAPACITY, ON_MACHINE, PERSON, DenialClass, DenialQuerySet
from licensing.names import alphabetical
from licensing.usage.working_time import zone_of
from portal.lists import periods
from portal.lists.asked import AskedList
from portal.lists.cursors import Order
from portal.lists.filters import VersionNumbers, having
from portal.lists.paging import ListPage, page_of
from portal.lists.search_tokens import Search, parse
from portal.usage.chosen import ChosenLicences
from portal.usage.listed import (
    DENIALS,
    FILTERS,
    FIRST_ORDER,
    FOR_REASON,
    LAST_FIRST,
    ONLY_TRUE,
    ORDER_OF_TRUE,
)
from portal.words.aliases import Names
from portal.words.refusals import REFUSALS, machines_in_words, outcome, people_in_words, refusal


@dataclass(frozen=True)
class DenialRow:
    """One refusal with its reason and outcome in words."""

    denial: Denial
    reason: str
    outcome: str
    is_true: bool
    user: str
    machine: str
    held_url: str
    """Who held the seats on that day."""


class DenialList(AskedList):
    """What an address asks for of an account's denials.

    Readers of aliases cannot search: what is found would tell them who it is.
    """

    listing = DENIALS

    def __init__(self, account: Account, parameters: QueryDict, names: Names) -> None:
        super().__init__(account, parameters, names)
        self.reason = FOR_REASON.of(self.parameters)
        self.choice = ChosenLicences(account, self.parameters)
        self.only_true = ONLY_TRUE.of(self.parameters) is not None

    def search_for(self, text: str) -> Search:
        """What the search box means to this reader."""
        return parse("" if self.names.are_aliases else text, FILTERS)

    @property
    def unknown_reason(self) -> str:
        """A reason that is asked for and that there is not; any is listed then."""
        return "" if self.reason else FOR_REASON.written(self.parameters)[: periods.LONGEST_TOLD]

    @property
    def unknown_kind(self) -> str:
        """What is to be shown alone and is no kind of refusal; all are listed then."""
        return "" if self.only_true else ONLY_TRUE.written(self.parameters)[: periods.LONGEST_TOLD]

    @property
    def found(self) -> DenialQuerySet:
        """What the licences, reason, days and search let through."""
        return self.of_any_day.filter(self.in_days("last_at"))

    @property
    def of_any_day(self) -> DenialQuerySet:
        """What the licences, reason and search let through, whenever it was."""
        of_account = Denial.every.filter(account=self.account)
        found = of_account.with_class().filter(self.choice.condition)
        if self.reason:
            found = found.filter(code=self.reason)
        if self.search.tokens:
            found = found.alias(numbers=VersionNumbers("version"))
        words = having(self.search, PERSON, ON_MACHINE)
        return found.filter(self.search.condition & words)

    @property
    def rows(self) -> QuerySet[Denial]:
        """All that match, in the order that is asked for."""
        return self.order.on(self.matching)

    @property
    def order(self) -> Order:
        """The wanted column, then the last first; before anybody asks, true ones first."""
        if sort := DENIALS.table.sort_in(self.parameters):
            return Order((DENIALS.table.by(sort, self.names), *LAST_FIRST))
        return ORDER_OF_TRUE if self.only_true else FIRST_ORDER

    @property
    def matching(self) -> DenialQuerySet:
        """All that match, each with its end."""
        rows = self.found.true() if self.only_true else self.found
        return rows.with_end().select_related("licence")

    @cached_property
    def of_class(self) -> dict[str, dict[str, int]]:
        """What is counted of the denials of each class, which are found once.

        In the days that are shown they are ``shown`` and met ``people``; the rest are ``Counts``.
        """
        since, shown = periods.since(), self.in_days("last_at")
        counted_days = shown and (shown | Q(last_at__gte=since.month))
        grouped = self.of_any_day.filter(counted_days).order_by().values("denial_class")  # type: ignore[misc] # annotated
        groups = grouped.annotate(
            **counted(since),
            shown=Count("pk", filter=shown or None),
            people=Count(PERSON, filter=shown or None, distinct=True),
        )
        return {group.pop("denial_class"): group for group in groups}

    def counted_true(self, *names: str) -> list[int]:
        """These counts of the true ones."""
        counts = self.of_class.get(DenialClass.TRUE, {})
        return [counts.get(name, 0) for name in names]

    @property
    def true(self) -> Counts:
        """The true ones of the last weeks, whatever days are shown."""
        return Counts(*self.counted_true("week", "week_before", "month"))

    @property
    def true_of_week(self) -> str:
        return self.query_with(only="true", **periods.last(7))

    @property
    def true_of_month(self) -> str:
        return self.query_with(only="true", **periods.last(30))

    @property
    def counts(self) -> dict[str, int]:
        """How many match, how many of them are true, and how many people those met."""
        true, people = self.counted_true("shown", "people")
        total = sum(counts["shown"] for counts in self.of_class.values())
        return {"total": total, "true": true, "people": people}

    @cached_property
    def page(self) -> ListPage[DenialRow]:
        """The rows of the page that is asked for, each with its words."""
        page = page_of(self.matching, self.order, self.parameters, total=self.total)
        return page.showing(rows_of(page, self.names))

    @property
    def total(self) -> int:
        """How many match on all pages."""
        return self.counts["true" if self.only_true else "total"]

    @property
    def licences_chosen(self) -> list[Licence]:
        """The licences that are asked for; none: all."""
        return self.choice.found if self.choice.is_narrowed else []

    @property
    def last_day(self) -> dt.date:
        """The last day that is shown."""
        return self.period.last or timezone.localdate()

    @property
    def shown(self) -> str:
        """What is asked for besides licences and days, in words."""
        kind = _("Only true denials") if self.only_true else _("All refusals")
        words = [kind, self.reason and refusal(self.reason), self.q and f"“{self.q}”"]
        return ", ".join(str(word) for word in words if word)

    @property
    def to_usage(self) -> str:
        """What the page of use is asked for the same licences and days."""
        days = {name: self.parameters.get(name, "") for name in periods.PARAMETERS}
        asked = self.choice.as_written | days
        return urlencode({name: text for name, text in asked.items() if text})

    @property
    def as_asked(self) -> dict[str, object]:
        """What the API is asked for the same rows; it knows no tags."""
        asked = {name: value for name, value in super().as_asked.items() if name != "tag"}
        return asked | {"licences": self.choice.as_asked}

    @property
    def switched(self) -> str:
        """The same view with only the true ones, or with all again."""
        return self.query_with(only="" if self.only_true else "true")


def rows_of(denials: Iterable[Any], names: Names) -> list[DenialRow]:
    """Denials ``with_class`` and ``with_end`` in words, named as the reader may see them."""
    zone = zone_of(names.account)
    return [
        DenialRow(
            denial,
            refusal(denial.code),
            outcome(denial) if denial.code in CAPACITY else "",
            denial.denial_class == DenialClass.TRUE,
            people_in_words(denial.username),
            machines_in_words(denial.machine_name),
            address_of_day(denial, zone) if denial.seats is not None else "",
        )
        for denial in names.put_on(denials)
    ]


def address_of_day(denial: Denial, zone: dt.tzinfo) -> str:
    """The page of use of the day of a refusal, at who was in: a day is the account's."""
    day = str(timezone.localdate(denial.last_at, zone))
    asked = {"licence": denial.licence_id, "from": day, "until": day}
    return reverse("portal:usage", query=asked, fragment="day")


def reasons() -> list[tuple[str, str | Promise]]:
    """The reasons to choose from; some codes share their words."""
    return sorted(REFUSALS.items(), key=lambda reason: alphabetical(str(reason[1])))
