"""What the address of the licences page asks for: which licences, in which order, which page.

An account has hundreds of licences, not millions. What a state word means stays
in one place (``statuses``), so the list is sorted here and not by the database.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404, QueryDict

from licensing.identity import as_compared
from licensing.models import Account
from licensing.names import alphabetical, holds
from portal.licences import rows as licence_rows
from portal.licences.listed import (
    BY_ID,
    BY_NAME,
    ENDS_WITHIN,
    IN_STATE,
    LICENCES,
    OF_PRODUCT,
    POOLS,
    SINGLE_USER,
    UNUSED_FOR,
    WITH_TAG,
    WITH_VERSION,
    Days,
)
from portal.licences.rows import LicenceRow, add_features, by_number, is_pool
from portal.lists.asked import AskedList
from portal.lists.columns import Table
from portal.lists.cursors import Order
from portal.lists.paging import ListPage, page_of
from portal.words.aliases import Names
from portal.words.names import named_in_choices


class LicenceList(AskedList):
    """What an address asks for of an account's licences."""

    listing = LICENCES

    def __init__(self, account: Account, parameters: QueryDict, names: Names) -> None:
        super().__init__(account, parameters, names)
        self.state = IN_STATE.of(self.parameters)
        self.tag = WITH_TAG.of(self.parameters)
        self.product = OF_PRODUCT.of(self.parameters)
        self.version = WITH_VERSION.of(self.parameters)
        self.unused = UNUSED_FOR.of(self.parameters)
        self.ends = ENDS_WITHIN.of(self.parameters)
        self.chosen = set(self.parameters.getlist("chosen"))
        self.whole = {POOLS.name, SINGLE_USER.name}.intersection(self.parameters.getlist("all"))

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

    @cached_property
    def with_use(self) -> list[LicenceRow]:
        """Every licence of the account, with its use."""
        return licence_rows.licences_of(self.account)

    @cached_property
    def everything(self) -> list[LicenceRow]:
        """Every licence, knowing their keys, devices, tags and recent denials."""
        return licence_rows.with_keys_and_devices(self.account, self.names)

    @cached_property
    def matching(self) -> list[LicenceRow]:
        """Those that the search and the filters let through."""
        return self.wanted(self.everything)

    @property
    def rows(self) -> list[LicenceRow]:
        """All that match, with their features: pools first, then by name."""
        add_features(row.licence for row in self.matching)
        return in_order(self.matching)

    @property
    def found(self) -> list[LicenceRow]:
        """Those that the search lets through, with what it looks through alone, in their order."""
        return in_order(self.wanted(licence_rows.to_search(self.account, self.names)))

    def wanted(self, rows: list[LicenceRow]) -> list[LicenceRow]:
        """Those of the rows that the search and the filters let through."""
        return [row for row in rows if self.is_wanted(row)]

    def is_wanted(self, row: LicenceRow) -> bool:
        """Whether the search and each filter let this row through."""
        return (
            self.is_ticked(row)
            and (not self.state or row.status == self.state)
            and (not self.tag or as_compared(self.tag) in map(as_compared, row.tags))
            and (not self.product or row.licence.product.code == self.product)
            and (not self.version or self.version in row.versions)
            and (not self.unused or row.is_unused_for(self.unused))
            and (not self.ends or row.ends_within(self.ends))
            and all(holds(row.text, word) for word in self.search.words)
        )

    def is_ticked(self, row: LicenceRow) -> bool:
        """Whether this row or its whole table was ticked, or nothing was."""
        table = POOLS if is_pool(row) else SINGLE_USER
        is_any = self.chosen or self.whole
        return not is_any or str(row.licence.pk) in self.chosen or table.name in self.whole

    def page(self, rows: list[LicenceRow], table: Table) -> ListPage[LicenceRow]:
        """One page of a table's rows in the order that its ``sort`` asks for."""
        order = self.order(table)
        return page_of(rows, order, self.parameters, total=len(rows), prefix=table.prefix)

    def order(self, table: Table) -> Order:
        """The order that a table's ``sort`` asks for; of what is alike there, by name."""
        by = table.by(table.sort_in(self.parameters), self.names)
        return Order((by, BY_NAME, BY_ID))


def in_order(rows: list[LicenceRow]) -> list[LicenceRow]:
    """Pools first, then by name."""
    return sorted(rows, key=lambda row: (not is_pool(row), alphabetical(row.licence.name)))


def choices_of(rows: list[LicenceRow]) -> dict[str, list[Any]]:
    """What the filters offer of what the account has: products, versions and tags."""
    products = {(row.licence.product.name, row.licence.product.code) for row in rows}
    versions = {version for row in rows for version in row.versions}
    return {
        "products": sorted(products, key=lambda product: alphabetical(product[0])),
        "versions": sorted(versions, key=by_number, reverse=True),
        "tags": sorted({tag for row in rows for tag in row.tags}, key=alphabetical),
        "days": [int(days) for days in Days],
    }


def licences_to_choose(account: Account, chosen: int | None) -> list[tuple[int, str]]:
    """The account's licences for a list's filter; Http404 when the chosen one is none of them."""
    licences = [(licence.pk, named_in_choices(licence)) for licence in account.licences.all()]
    if chosen and chosen not in dict(licences):
        raise Http404
    return licences
