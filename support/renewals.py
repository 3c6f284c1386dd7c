"""Renewals that are due: which licences end when, with what sales know before they call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import batched
from typing import IO, Any

from django.conf import settings
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import QueryDict
from django.utils import timezone

from licensing import limits
from licensing.models import Account, Licence
from licensing.models.licences import LicenceState
from portal.exports.spreadsheets import WRITERS
from portal.lists.asked import Asked
from portal.lists.columns import Cell, Column
from portal.lists.cursors import By, Id, Order
from portal.lists.listing import Listing, Parameter, looked_for, one_of
from portal.lists.paging import ListPage, page_of
from portal.models import Membership
from portal.usage.peaks import Peaks
from portal.words.aliases import real_names
from support.models import OrderReference
from support.oversight.unusual import ZONE

SEE = "support.renewals_see"
OVER = "over"
WINDOWS = {"30": 30, "60": 60, "90": 90}
PAST_DAYS = 365
"""Of what is past due, that of a year: what ended before is renewed by nobody."""
PEAK_DAYS = 90
AT_ONCE = 200
"""Of so many licences peaks are read together."""

DUE = Parameter("due", one_of([*WINDOWS, OVER]), is_link=True)
ACCOUNT = Parameter("account", looked_for)
PRODUCT = Parameter("product", str.strip)
COMING = Order((By(name="ends_on", kind=dt.date), By(name="pk", kind=Id)))
LAST_FIRST = Order(
    (
        By(name="ends_on", kind=dt.date, is_descending=True),
        By(name="pk", kind=Id, is_descending=True),
    )
)


@dataclass(frozen=True)
class Renewal:
    """A licence that ends, with the highest use of 90 days, and whom to ask."""

    licence: Any
    peak: int

    @property
    def owners(self) -> str:
        """The e-mail addresses of the account's owners."""
        return ", ".join(owner.user.email for owner in self.licence.account.owners_now)

    @property
    def order(self) -> str:
        """The last order that sold or changed something of it."""
        return self.licence.last_order or ""


def column(name: str, header: str, value: Any) -> Column:
    """A column of the file."""
    return Column(name=name, header=header, value=lambda row, names: value(row))


RENEWALS = Listing(
    name="renewals",
    page="support:renewals",
    parameters=(DUE, ACCOUNT, PRODUCT),
    file=(
        column("account", "Account", lambda row: row.licence.account.name),
        column("account_id", "Account id", lambda row: row.licence.account_id),
        column("licence", "Licence", lambda row: row.licence.name),
        column("licence_id", "Licence id", lambda row: row.licence.pk),
        column("product", "Product", lambda row: row.licence.product.name),
        column("model", "Usage model", lambda row: row.licence.usage_model),
        column("state", "State", lambda row: row.licence.state),
        column("ends", "Ends", lambda row: row.licence.ends_on),
        column("seats", "Seats", lambda row: row.licence.ordered_seats),
        column("peak", "Peak, 90 days", lambda row: row.peak),
        column("order", "Last order", lambda row: row.order),
        column("owners", "Owners", lambda row: row.owners),
    ),
)


def going_on() -> QuerySet[Licence]:
    """Licences that have an end and are not closed, with all that a renewal tells but its peak."""
    owners = Membership.objects.owners().select_related("user").order_by("pk")
    orders = OrderReference.objects.filter(licence=OuterRef("pk")).order_by("-pk")
    found = Licence.objects.exclude(state=LicenceState.CLOSED).exclude(ends_on=None)
    known = found.select_related("account", "product").prefetch_related(
        Prefetch("account__memberships", owners, to_attr="owners_now")
    )
    return limits.with_ordered_seats(
        known.annotate(last_order=Subquery(orders.values("reference")[:1]))
    )


class Renewals(Asked):
    """What an address asks for of renewals; at first those of 90 days."""

    listing = RENEWALS

    def __init__(self, parameters: QueryDict) -> None:
        super().__init__(parameters)
        self.due = DUE.of(self.parameters) or "90"
        self.account, self.product = ACCOUNT.of(self.parameters), PRODUCT.of(self.parameters)

    @property
    def order(self) -> Order:
        """What ends first comes first; of what is over, what ended last."""
        return LAST_FIRST if self.due == OVER else COMING

    @property
    def rows(self) -> QuerySet[Licence]:
        """All licences that match, in that order."""
        today = timezone.localdate(timezone=ZONE)
        found = going_on()
        if self.due == OVER:
            since = today - dt.timedelta(days=PAST_DAYS)
            found = found.filter(ends_on__lt=today, ends_on__gte=since)
        else:
            last = today + dt.timedelta(days=WINDOWS[self.due])
            found = found.filter(ends_on__gte=today, ends_on__lte=last)
        if self.account:
            found = found.filter(account__name__holds=self.account)
        if self.product:
            found = found.filter(product__code=self.product)
        return self.order.on(found)

    @cached_property
    def page(self) -> ListPage[Renewal]:
        """The page that is asked for; nobody counts all of it."""
        found = page_of(self.rows, self.order, self.parameters, total=None)
        return found.showing(list(with_peaks(found.rows)))

    @property
    def windows(self) -> list[tuple[str, str, bool]]:
        """Each window in words, with its address and whether it is shown."""
        named = {name: f"{days} days" for name, days in WINDOWS.items()} | {
            OVER: "Past due, a year"
        }
        return [
            (words, self.query_with(due=name), name == self.due) for name, words in named.items()
        ]


def with_peaks(licences: Iterable[Licence]) -> Iterator[Renewal]:
    """Each with its highest use of 90 days, in all accounts by the vendor's days."""
    somewhere = Account(time_zone=settings.TIME_ZONE)
    for some in batched(licences, AT_ONCE, strict=False):
        peaks = Peaks(somewhere, some, days=PEAK_DAYS)
        yield from (Renewal(licence, peaks.peak_of(licence)) for licence in some)


def write(file: IO[bytes], kind: str, asked: Renewals) -> int:
    """Write what is asked for into the file as ``kind``; return how many rows."""
    found = asked.rows.iterator(chunk_size=AT_ONCE)
    return WRITERS[kind](file, RENEWALS.header, cells(with_peaks(found)))


def cells(rows: Iterable[Renewal]) -> Iterator[list[Cell]]:
    """The rows of the file."""
    for row in rows:
        yield [column.written(row, real_names(row.licence.account)) for column in RENEWALS.file]
