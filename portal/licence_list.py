"""An account's licences as pages list them: loaded once, then filtered, sorted and paged.

An account has hundreds of licences, not millions. What a state word means stays
in one place (``statuses``), so the list is sorted here and not by the database.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.http import QueryDict
from django.utils import timezone

from licensing.denials import NONE, count_true
from licensing.models import Account, ClientSession, Device, Licence, LicenceFeature, ProductKey
from licensing.models.keys import KeyState
from licensing.models.licences import UsageModel
from licensing.versions import numbers
from portal import statuses, tags
from portal.aliases import Names
from portal.cursors import By, Id, Moment, Order
from portal.models import LicenceTag
from portal.paging import ListPage, page_of
from portal.templatetags.states import state_of

DAYS = ("30", "60", "90")
UNUSED_LONG = 90
"""For so many days, and the page says so by itself."""
EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)
LAST = "\uffff"
"""Comes after every name."""
FIRST_SORT = {"pools-": "-use", "single-": "name"}


@dataclass(kw_only=True)
class LicenceRow:
    """One licence with what a list says about it."""

    licence: Licence
    in_use: int
    keys: list[ProductKey] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    denials: int = 0
    """True ones, in 30 days on lists, in 7 on the home page."""
    tags: list[str] = field(default_factory=list)
    """The account's own words on it."""
    last_opened: dt.datetime | None = None
    """When the program that was opened last with it was last heard of."""
    away: int = 0
    """Seats of people offline, within their grace period or beyond it."""

    def __post_init__(self) -> None:
        self.status = statuses.licence_status(self.licence, self.in_use)
        self.status_date = statuses.status_date(self.licence, self.status)

    @property
    def key(self) -> ProductKey | None:
        """The key to name the licence by: the newest that works, else the newest."""
        working = [key for key in self.keys if key.state == KeyState.ACTIVE]
        return next(reversed(working or self.keys), None)

    @property
    def device(self) -> Device | None:
        """The device bound last."""
        return self.devices[0] if self.devices else None

    @property
    def last_refreshed(self) -> dt.datetime | None:
        """When a program on one of the devices was last heard of."""
        times = [device.last_refreshed for device in self.devices]  # type: ignore[attr-defined]
        return max(filter(None, times), default=None)

    @property
    def versions(self) -> list[str]:
        """The versions of the programs that were last open on the devices, the newest first."""
        versions = {device.last_version for device in self.devices}  # type: ignore[attr-defined]
        return sorted(filter(None, versions), key=by_number, reverse=True)

    @property
    def idle_since(self) -> dt.datetime:
        """When somebody last had the program open with it, else when it was issued."""
        times = filter(None, (self.last_refreshed, self.last_opened))
        return max(times, default=self.licence.created_at)

    def is_unused_for(self, days: int) -> bool:
        """Whether it is a single-user licence that could be used but was not for so many days."""
        long_ago = timezone.now() - dt.timedelta(days=days)
        return not is_pool(self) and self.is_usable and self.idle_since <= long_ago

    def ends_within(self, days: int) -> bool:
        """Whether it has so many days left at most, and is not over."""
        licence = self.licence
        last_day = licence.today + dt.timedelta(days=days)
        is_over = self.status in ("ended", "closed")
        return licence.ends_on is not None and licence.ends_on <= last_day and not is_over

    @property
    def fullness(self) -> float:
        """The share of the seats in use; 1 and more is full."""
        return self.in_use / self.licence.seats if self.licence.seats else float(self.in_use > 0)

    @property
    def other_devices(self) -> int:
        return max(len(self.devices) - 1, 0)

    @property
    def is_usable(self) -> bool:
        """Whether somebody could take a seat of it today, if one is free."""
        return self.status in ("active", "ends_soon", "over_limit")

    @property
    def status_word(self) -> str:
        """The state word without its shape and colour, as on paper."""
        return str(state_of(self.status).word)

    @property
    def is_full(self) -> bool:
        return self.in_use >= self.licence.seats

    @property
    def text(self) -> str:
        """What the search box looks through."""
        words = [self.licence.name, self.licence.product.name, *self.tags]
        words += [f"{key.serial_number} {key.label}" for key in self.keys]
        words += [f"{device.machine_name} {device.username}" for device in self.devices]
        return "\n".join(words).casefold()


def licences_of(account: Account) -> list[LicenceRow]:
    """Every licence of the account with its use, in one query."""
    licences = account.licences.select_related("product").with_use()
    return [LicenceRow(licence=licence, in_use=licence.in_use) for licence in licences]


def with_keys_and_devices(
    account: Account, rows: list[LicenceRow], names: Names
) -> list[LicenceRow]:
    """The same rows, knowing serial numbers, tags, recent denials and devices, for the reader."""
    keys = by_licence(ProductKey.objects.filter(account=account))
    bound = Device.objects.filter(account=account).bound()
    devices = by_licence(names.put_on(bound.with_last_refresh().with_last_version()))
    denials = count_true(account)
    facts = facts_of(account)
    for row in rows:
        row.tags, row.last_opened = facts.get(row.licence.pk, ([], None))
        row.keys = keys[row.licence.pk]
        row.devices = devices[row.licence.pk]
        row.denials = denials.get(row.licence.pk, NONE).month
    return rows


def facts_of(account: Account) -> dict[int, tuple[list[str], dt.datetime | None]]:
    """The tags of each licence and when it was last opened, in one query."""
    names = LicenceTag.objects.filter(licence=OuterRef("pk")).values("name")
    opened = ClientSession.objects.filter(licence=OuterRef("pk")).order_by("-started_at")
    licences = account.licences.annotate(
        names=ArraySubquery(names), last_opened=Subquery(opened.values("refreshed_at")[:1])
    )
    found = licences.order_by().values_list("pk", "names", "last_opened")
    return {licence: (tag_names, last_opened) for licence, tag_names, last_opened in found}


def put_tags_on(account: Account, rows: Iterable[LicenceRow]) -> None:
    """Let the rows know their tags."""
    of_account = tags.by_licence(account)
    for row in rows:
        row.tags = of_account.get(row.licence.pk, [])


def by_licence(objects: Iterable[Any]) -> dict[int, list[Any]]:
    """The objects of each licence, by its id."""
    grouped = defaultdict(list)
    for obj in objects:
        grouped[obj.licence_id].append(obj)
    return grouped


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
        value=lambda row: statuses.LICENCE_STATUSES.index(row.status),
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


def by_number(version: str) -> tuple[int, ...]:
    """A version as what it is sorted by; one without numbers comes first."""
    try:
        return numbers(version)
    except ValueError:
        return ()


@dataclass(frozen=True)
class LicenceQuery:
    """What the address of the licences page asks for. What it cannot mean is passed over."""

    parameters: QueryDict

    @property
    def q(self) -> str:
        return self.parameters.get("q", "").strip()

    @property
    def state(self) -> str:
        state = self.parameters.get("state", "")
        return state if state in statuses.LICENCE_STATUSES else ""

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
    def chosen(self) -> set[str]:
        """The ids of the licences that were ticked; empty for all."""
        return set(self.parameters.getlist("chosen"))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.state or self.tag or self.has_more)

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
            and all(word in row.text for word in self.q.casefold().split())
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
    return int(text) if text in DAYS else None


def choices_of(rows: list[LicenceRow]) -> dict[str, list[Any]]:
    """What the filters offer of what the account has: products, versions and tags."""
    versions = {version for row in rows for version in row.versions}
    return {
        "products": sorted({(row.licence.product.name, row.licence.product.code) for row in rows}),
        "versions": sorted(versions, key=by_number, reverse=True),
        "tags": sorted({tag for row in rows for tag in row.tags}, key=str.casefold),
        "days": [int(days) for days in DAYS],
    }


def add_features(licences: Iterable[Licence]) -> None:
    """Load the names of the licences' features."""
    included = LicenceFeature.objects.select_related("feature").order_by("feature__name")
    prefetch_related_objects(list(licences), Prefetch("licence_features", queryset=included))


def is_pool(row: LicenceRow) -> bool:
    return row.licence.usage_model == UsageModel.CONCURRENT
