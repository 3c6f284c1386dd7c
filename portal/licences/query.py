"""What the address of the licences page asks for: which licences, in which order, which page.

An account has hundreds of licences, not millions. What a state word means stays
in one place (``statuses``), so the list is sorted here and not by the database.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.http import Http404, QueryDict

from licensing.models import Account
from portal.licences.rows import LicenceRow, add_features, by_number
from portal.lists.cursors import By, Id, Moment, Order
from portal.lists.paging import ListPage, page_of
from portal.lists.search_tokens import Search, parse
from portal.words.statuses import LicenceStatus


class Days(StrEnum):
    """How many days the filters of what is long ago, or near, offer."""

    MONTH = "30"
    TWO_MONTHS = "60"
    QUARTER = "90"


STATUSES = list(LicenceStatus)
UNUSED_LONG = 90
"""For so many days, and the page says so by itself."""
EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)
LAST = "\uffff"
"""Comes after every name."""
FIRST_SORT = {"pools-": "-use", "single-": "name"}

SORTS = {
    "name": By(name="name", kind=str, value=lambda row: row.licence.name.casefold()),
    "serial": By(
        name="serial", kind=str, value=lambda row: row.key.serial_number if row.key else ""
    ),
    "limit": By(name="limit", kind=int, value=lambda row: row.licence.seats),
    "use": By(name="use", kind=tuple[float, int], value=lambda row: (row.fullness, row.in_use)),
    "denials": By(name="denials", kind=int, value=lambda row: row.denials),
    "status": By(
        name="status",
        kind=int,
        value=lambda row: STATUSES.index(row.status),
    ),
    "ends": By(name="ends", kind=dt.date, value=lambda row: row.licence.ends_on or dt.date.max),
    "version": By(
        name="version",
        kind=list[tuple[int, ...]],
        value=lambda row: [by_number(version) for version in row.versions[:1]],
    ),
    "device": By(
        name="device",
        kind=str,
        value=lambda row: row.device.machine_name.casefold() if row.device else LAST,
    ),
    "refreshed": By(
        name="refreshed", kind=Moment, value=lambda row: row.last_refreshed or EARLIEST
    ),
}
BY_ID = By(name="id", kind=Id, value=lambda row: row.licence.pk)


@dataclass(frozen=True)
class LicenceQuery:
    """What the address of the licences page asks for. What it cannot mean is passed over."""

    parameters: QueryDict

    @cached_property
    def search(self) -> Search:
        """What is typed in the search box."""
        return parse(self.parameters.get("q", ""))

    @property
    def q(self) -> str:
        return self.search.text

    @property
    def state(self) -> str:
        state = self.parameters.get("state", "")
        return state if state in STATUSES else ""

    @property
    def tag(self) -> str:
        """The tag that the licences have to have."""
        return self.parameters.get("tag", "").strip()

    @property
    def product(self) -> str:
        """The code of the product that they have to be of."""
        return self.parameters.get("product", "").strip()

    @property
    def version(self) -> str:
        """The version that was last open on one of their devices."""
        return self.parameters.get("version", "").strip()

    @property
    def unused(self) -> int | None:
        """For how many days they were not opened."""
        return days_in(self.parameters.get("unused", ""))

    @property
    def ends(self) -> int | None:
        """Within how many days they end."""
        return days_in(self.parameters.get("ends", ""))

    @property
    def has_more(self) -> bool:
        """Whether one of the filters is on that are folded away at first."""
        return bool(self.product or self.version or self.unused or self.ends)

    @property
    def is_of_devices(self) -> bool:
        """Whether it asks for what pools cannot answer."""
        return bool(self.version or self.unused)

    @property
    def looks_inside(self) -> bool:
        """Whether it asks for more of a row than what the licence itself says."""
        return bool(self.search or self.tag or self.is_of_devices)

    @property
    def as_asked(self) -> dict[str, object]:
        """What the API is asked for the same rows."""
        names = ("q", "state", "tag", "product", "version", "unused", "ends")
        return {name: getattr(self, name) for name in names}

    @property
    def chosen(self) -> set[str]:
        """The ids of the licences that were ticked; empty for all."""
        return set(self.parameters.getlist("chosen"))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.state or self.tag or self.has_more)

    def matching(self, rows: list[LicenceRow]) -> list[LicenceRow]:
        """The rows that the search and the filters let through."""
        return [row for row in rows if self.is_wanted(row)]

    def is_wanted(self, row: LicenceRow) -> bool:
        """Whether the search and each filter let this row through."""
        return (
            (not self.chosen or str(row.licence.pk) in self.chosen)
            and (not self.state or row.status == self.state)
            and (not self.tag or self.tag.casefold() in map(str.casefold, row.tags))
            and (not self.product or row.licence.product.code == self.product)
            and (not self.version or self.version in row.versions)
            and (not self.unused or row.is_unused_for(self.unused))
            and (not self.ends or row.ends_within(self.ends))
            and all(word.casefold() in row.text for word in self.search.words)
        )

    def page(self, rows: list[LicenceRow], prefix: str) -> ListPage[LicenceRow]:
        """One page of a section's rows in the order that its ``sort`` asks for."""
        order = self.order(prefix)
        page = page_of(rows, order, self.parameters, total=len(rows), prefix=prefix)
        add_features(row.licence for row in page)
        return page

    def order(self, prefix: str) -> Order:
        """The order that a section's ``sort`` asks for; of what is alike there, by name."""
        wanted = self.parameters.get(f"{prefix}sort", "")
        if wanted.removeprefix("-") not in SORTS:
            wanted = FIRST_SORT[prefix]
        by = SORTS[wanted.removeprefix("-")]
        return Order((by.turned() if wanted.startswith("-") else by, SORTS["name"], BY_ID))


def days_in(text: str) -> int | None:
    """One of the lengths of time that a filter offers."""
    return int(text) if text in set(Days) else None


def choices_of(rows: list[LicenceRow]) -> dict[str, list[Any]]:
    """What the filters offer of what the account has: products, versions and tags."""
    versions = {version for row in rows for version in row.versions}
    return {
        "products": sorted({(row.licence.product.name, row.licence.product.code) for row in rows}),
        "versions": sorted(versions, key=by_number, reverse=True),
        "tags": sorted({tag for row in rows for tag in row.tags}, key=str.casefold),
        "days": [int(days) for days in Days],
    }


def licences_to_choose(account: Account, chosen: int | None) -> list[tuple[int, str]]:
    """The account's licences for a list's filter; Http404 when the chosen one is none of them."""
    licences = list(account.licences.order_by("name").values_list("pk", "name"))
    if chosen and chosen not in dict(licences):
        raise Http404
    return licences
