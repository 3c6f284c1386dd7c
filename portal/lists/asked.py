"""What an address asks for of a list: the part that all lists have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import ClassVar

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from licensing.models import Account
from portal.lists import periods
from portal.lists.cursors import Rows
from portal.lists.listing import Listing
from portal.lists.paging import PER_PAGE, query_with
from portal.lists.periods import Period
from portal.lists.search_tokens import Search, parse, with_search
from portal.words.aliases import Names


class Asked(ABC):
    """What an address asks for of a list. What it cannot mean is passed over."""

    listing: ClassVar[Listing]

    def __init__(self, parameters: QueryDict) -> None:
        self.search = self.search_for(parameters.get("q", ""))
        self.parameters = with_search(parameters, self.q)

    def search_for(self, text: str) -> Search:
        """What the text in the search box means."""
        return parse(text)

    @property
    @abstractmethod
    def rows(self) -> Rows:
        """All that match, in the order that is asked for."""

    @property
    def q(self) -> str:
        """What is looked for, as it stands in the search box."""
        return self.search.text

    @cached_property
    def asked(self) -> dict[str, object]:
        """What is asked for, by the API's names: nothing, as None or "", where it is not."""
        return {
            parameter.asked_as or parameter.name: parameter.of(self.parameters)
            for parameter in self.listing.parameters
        }

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for but days, an order and columns."""
        return any(value not in (None, "") for value in self.asked.values())

    @cached_property
    def period(self) -> Period:
        """The days that are asked for, of a list that has days."""
        assert self.listing.days, "This list is not by days."
        return periods.asked_for(self.parameters, days=self.listing.days)

    @cached_property
    def problem_of_days(self) -> str:
        """What is wrong with the days, in words; nothing is listed then. "" if nothing is."""
        first, last = self.period.first, self.period.last
        return periods.problem_in(self.parameters, first, last, timezone.localdate())

    def in_days(self, moment: str) -> Q:
        """That a row's moment is on one of the days."""
        return Q(pk=None) if self.problem_of_days else self.period.holds(moment)

    @property
    def length(self) -> int | None:
        """Which of the usual numbers of days it is."""
        return next((days for days in periods.USUAL if self.period.begins(days)), None)

    @property
    def lengths(self) -> list[tuple[int, str, bool]]:
        """The usual numbers of days, each with its address and whether it is shown."""
        return [
            (days, self.query_with(**periods.last(days)), self.period.begins(days))
            for days in periods.USUAL
        ]

    @property
    def per(self) -> int:
        """How many rows a page has."""
        wanted = self.parameters.get("per", "")
        return int(wanted) if wanted in self.listing.page_sizes else PER_PAGE

    @property
    def per_choices(self) -> list[tuple[int, str]]:
        """How many rows a page may have, each with the address that shows so many."""
        return [(int(per), self.query_with(per=per)) for per in self.listing.page_sizes]

    @property
    def as_asked(self) -> dict[str, object]:
        """What the API is asked for the same rows."""
        return self.asked | (self.period.as_asked if self.listing.days else {})

    def query_with(self, **changes: str) -> str:
        """This view's query string with some parameters changed, on its first page."""
        return query_with(self.parameters, changes)


class AskedList(Asked):
    """What an address asks for of an account's list, for one reader of names.

    Pages, files and the API ask by it, each in its way.
    """

    def __init__(self, account: Account, parameters: QueryDict, names: Names) -> None:
        self.account, self.names = account, names
        super().__init__(parameters)
