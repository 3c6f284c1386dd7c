"""An account's licences as pages list them: loaded once, then filtered, sorted and paged.

An account has hundreds of licences, not millions. What a state word means stays
in one place (``statuses``), so the list is sorted here and not by the database.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, prefetch_related_objects
from django.http import QueryDict

from licensing.denials import NONE, count_true
from licensing.models import Account, Device, Licence, LicenceFeature, ProductKey
from licensing.models.keys import KeyState
from licensing.models.licences import UsageModel
from portal import statuses, tags
from portal.aliases import Names

PER_PAGE = 50
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
    bound = Device.objects.filter(account=account).bound().with_last_refresh()
    devices = by_licence(names.put_on(bound))
    denials = count_true(account)
    put_tags_on(account, rows)
    for row in rows:
        row.keys = keys[row.licence.pk]
        row.devices = devices[row.licence.pk]
        row.denials = denials.get(row.licence.pk, NONE).month
    return rows


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


SORTS: dict[str, Callable[[LicenceRow], Any]] = {
    "name": lambda row: row.licence.name.casefold(),
    "serial": lambda row: row.key.serial_number if row.key else "",
    "limit": lambda row: row.licence.seats,
    "use": lambda row: (row.fullness, row.in_use),
    "denials": lambda row: row.denials,
    "status": lambda row: statuses.LICENCE_STATUSES.index(row.status),
    "ends": lambda row: row.licence.ends_on or dt.date.max,
    "device": lambda row: row.device.machine_name.casefold() if row.device else "\uffff",
    "refreshed": lambda row: row.last_refreshed or dt.datetime.min.replace(tzinfo=dt.UTC),
}


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
    def chosen(self) -> set[str]:
        """The ids of the licences that were ticked; empty for all."""
        return set(self.parameters.getlist("chosen"))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.state or self.tag)

    def matching(self, rows: list[LicenceRow]) -> list[LicenceRow]:
        """The rows that the search and the filters let through."""
        return [row for row in rows if self.is_wanted(row)]

    def is_wanted(self, row: LicenceRow) -> bool:
        """Whether the search and each filter let this row through."""
        return (
            (not self.chosen or str(row.licence.pk) in self.chosen)
            and (not self.state or row.status == self.state)
            and (not self.tag or self.tag.casefold() in map(str.casefold, row.tags))
            and all(word in row.text for word in self.q.casefold().split())
        )

    def page(self, rows: list[LicenceRow], prefix: str) -> Page[LicenceRow]:
        """One page of a section's rows in the order that its ``sort`` asks for."""
        wanted = self.parameters.get(f"{prefix}sort", "")
        if wanted.removeprefix("-") not in SORTS:
            wanted = FIRST_SORT[prefix]
        by_name = sorted(rows, key=SORTS["name"])
        ordered = sorted(
            by_name, key=SORTS[wanted.removeprefix("-")], reverse=wanted.startswith("-")
        )
        page = Paginator(ordered, PER_PAGE).get_page(self.parameters.get(f"{prefix}page"))
        add_features(row.licence for row in page)
        return page


def add_features(licences: Iterable[Licence]) -> None:
    """Load the names of the licences' features."""
    included = LicenceFeature.objects.select_related("feature").order_by("feature__name")
    prefetch_related_objects(list(licences), Prefetch("licence_features", queryset=included))


def is_pool(row: LicenceRow) -> bool:
    return row.licence.usage_model == UsageModel.CONCURRENT
