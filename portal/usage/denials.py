"""Who was refused, as pages list it: filtered, true ones first, each with what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils.functional import Promise

from licensing.denials import Counts, counted
from licensing.models import Account, Denial
from licensing.models.denials import CAPACITY, PERSON, DenialClass, DenialQuerySet
from licensing.numbers import number_in
from portal.lists import periods
from portal.lists.cursors import By, Id, Moment, Order, Text
from portal.lists.paging import ListPage, page_of, query_with
from portal.lists.search_tokens import parse, with_search
from portal.words.aliases import Names
from portal.words.refusals import REFUSALS, machines_in_words, outcome, people_in_words, refusal

FIRST_DAYS = 30
TRUE = Q(denial_class=DenialClass.TRUE)
TRUE_FIRST = Case(When(TRUE, then=Value(0)), default=Value(1))
LAST_FIRST = (
    By(name="last_at", kind=Moment, is_descending=True),
    By(name="pk", kind=Id, is_descending=True),
)
FIRST_ORDER = Order((By(name="true_first", kind=Id, expression=TRUE_FIRST), *LAST_FIRST))
"""True ones first, then the last first."""
ORDER_OF_TRUE = Order((By(name="true_first", kind=Id, expression=Value(0)), *LAST_FIRST))
"""The same where all are true: an index has them in this order."""
NAMES_AS_COMPARED = {"user": Lower("username"), "machine": Lower("machine_name")}
SORTS = {
    "user": By(name="sorted_by", kind=Text, expression=NAMES_AS_COMPARED["user"]),
    "machine": By(name="sorted_by", kind=Text, expression=NAMES_AS_COMPARED["machine"]),
    "licence": By(name="sorted_by", kind=Text, expression=Lower("licence__name"), is_nullable=True),
    "reason": By(name="code", kind=Text),
    "use": By(name="in_use", kind=Id, is_nullable=True),
    "tries": By(name="count", kind=Id),
    "when": By(name="last_at", kind=Moment),
    "version": By(name="version", kind=Text),
}


@dataclass(frozen=True)
class DenialRow:
    """One refusal with its reason and outcome in words."""

    denial: Denial
    reason: str
    outcome: str
    is_true: bool
    user: str
    machine: str


@dataclass(frozen=True)
class DaysChip:
    """The last so many days, and the address that shows them."""

    days: int
    query: str
    is_current: bool


class DenialList:
    """What an address asks for of an account's denials. What it cannot mean is passed over.

    Readers of aliases cannot search: what is found would tell them who it is. Nor does a
    sort tell them who comes first in the alphabet.
    """

    def __init__(self, account: Account, parameters: QueryDict, names: Names) -> None:
        self.account, self.names = account, names
        self.search = parse("" if names.are_aliases else parameters.get("q", ""))
        self.q = self.search.text
        self.parameters = with_search(parameters, self.q)
        self.reason = parameters.get("reason", "")
        if self.reason not in REFUSALS:
            self.reason = ""
        self.only_true = parameters.get("only") == "true"
        self.licence = number_in(parameters.get("licence", ""))
        self.period = periods.asked_for(parameters, days=FIRST_DAYS)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.reason or self.only_true or self.licence is not None)

    @property
    def found(self) -> DenialQuerySet:
        """What the licence, reason, days and search let through."""
        return self.of_any_day.filter(self.period.holds("last_at"))

    @property
    def of_any_day(self) -> DenialQuerySet:
        """What the licence, reason and search let through, whenever it was."""
        found = self.account.denials.with_class()
        if self.licence is not None:
            found = found.filter(licence=self.licence)
        if self.reason:
            found = found.filter(code=self.reason)
        return found.filter(self.search.having("username", "machine_name"))

    @property
    def rows(self) -> QuerySet[Denial]:
        """All that match, in the order that is asked for."""
        return self.order.on(self.matching)

    @property
    def order(self) -> Order:
        """The wanted column, then the last first; before anybody asks, true ones first."""
        wanted = self.parameters.get("sort", "")
        sort = wanted.removeprefix("-")
        if sort not in SORTS:
            return ORDER_OF_TRUE if self.only_true else FIRST_ORDER
        by = SORTS[sort]
        if mixed := self.names.mixed(NAMES_AS_COMPARED).get(sort):
            by = replace(by, expression=mixed)
        by = by.turned() if wanted.startswith("-") else by
        return Order((by, *LAST_FIRST))

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
        since, shown = periods.since(), self.period.holds("last_at")
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
    def as_asked(self) -> dict[str, object]:
        """What the API is asked for the same rows."""
        filters: dict[str, object] = {"q": self.q, "reason": self.reason, "licence": self.licence}
        return filters | {"state": "true" if self.only_true else ""} | self.period.as_asked

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
    def days(self) -> list[DaysChip]:
        """The usual lengths of time, with the other filters kept."""
        return [
            DaysChip(days, self.query_with(**periods.last(days)), self.period.begins(days))
            for days in periods.USUAL
        ]

    @property
    def switched(self) -> str:
        """The same view with only the true ones, or with all again."""
        return self.query_with(only="" if self.only_true else "true")

    def query_with(self, **changes: str) -> str:
        """This view's query string with some parameters changed, on its first page."""
        return query_with(self.parameters, changes)


def rows_of(denials: Iterable[Any], names: Names) -> list[DenialRow]:
    """Denials ``with_class`` and ``with_end`` in words, named as the reader may see them."""
    return [
        DenialRow(
            denial,
            refusal(denial.code),
            outcome(denial) if denial.code in CAPACITY else "",
            denial.denial_class == DenialClass.TRUE,
            people_in_words(denial.username),
            machines_in_words(denial.machine_name),
        )
        for denial in names.put_on(denials)
    ]


def reasons() -> list[tuple[str, str | Promise]]:
    """The reasons to choose from; some codes share their words."""
    return sorted(REFUSALS.items(), key=lambda reason: str(reason[1]))
