"""An account's licences as pages list them, each with what a list says about it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, prefetch_related_objects
from django.utils import timezone

from licensing.denials import NONE, count_true
from licensing.models import (
    Account,
    ClientSession,
    Denial,
    Device,
    Licence,
    LicenceFeature,
    ProductKey,
)
from licensing.models.keys import KeyState
from licensing.models.licences import UsageModel
from licensing.models.spelling import Alphabetical
from licensing.names import as_searched
from licensing.versions import numbers
from portal.licences import tags
from portal.lists import periods
from portal.models import LicenceTag
from portal.usage.charts import Chart
from portal.usage.peaks import Peaks
from portal.words import statuses
from portal.words.aliases import Names
from portal.words.states import state_of

UNUSED_LONG = 90
"""For so many days, and pages say so by themselves."""


@dataclass(kw_only=True)
class LicenceRow:
    """One licence with what a list says about it."""

    licence: Licence
    in_use: int
    keys: list[ProductKey] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    denials: int = 0
    """True ones, in 30 days on lists, in 7 on the home page."""
    peaks: Peaks | None = None
    """Those of the licences of a list, in 30 days; nobody looks for them who does not tell them."""
    tags: list[str] = field(default_factory=list)
    """The account's own words on it."""
    last_opened: dt.datetime | None = None
    """When the program that was opened last with it was last heard of."""
    use: Chart | None = None
    """Its daily peaks, on the home page."""
    away: int = 0
    """Seats of people offline, within their grace period or beyond it."""

    def __post_init__(self) -> None:
        self.status = statuses.licence_status(self.licence, self.in_use)
        self.status_date = statuses.status_date(self.licence, self.status)

    @property
    def peak(self) -> int:
        """The most seats that were in use at once."""
        return self.peaks.peak_of(self.licence) if self.peaks else 0

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
    def bound_at(self) -> dt.datetime | None:
        """Since when that device is bound."""
        return self.device.bound_at if self.device else None

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
        return self.licence.is_usable

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
        words += [f"{key.serial_number} {key.label} {key.last_four}" for key in self.keys]
        words += [f"{device.machine_name} {device.username}" for device in self.devices]
        return as_searched("\n".join(words))


def licences_of(account: Account) -> list[LicenceRow]:
    """Every licence of the account with its use, in one query."""
    licences = account.licences.select_related("product").with_use()
    return [
        LicenceRow(licence=licence, in_use=licence.in_use)  # type: ignore[attr-defined]
        for licence in licences
    ]


def licences_with_facts(account: Account) -> list[LicenceRow]:
    """The same with the tags of each and when it was last opened, in one query."""
    names = LicenceTag.objects.filter(licence=OuterRef("pk")).values("name")
    opened = ClientSession.every.filter(licence=OuterRef("pk")).order_by("-started_at")
    licences = account.licences.select_related("product").with_use()
    with_facts: QuerySet[Any] = licences.annotate(
        names=ArraySubquery(names), last_opened=Subquery(opened.values("refreshed_at")[:1])
    )
    return [
        LicenceRow(
            licence=licence,
            in_use=licence.in_use,
            tags=licence.names,
            last_opened=licence.last_opened,
        )
        for licence in with_facts
    ]


def single_user_rows(account: Account) -> list[LicenceRow]:
    """Those that are no pools, knowing when they were last opened and little else."""
    rows = [row for row in licences_with_facts(account) if not is_pool(row)]
    bound = Device.objects.filter(account=account).bound()
    devices = by_licence(bound.with_last_refresh())
    for row in rows:
        row.devices = devices[row.licence.pk]
    return rows


def with_keys_and_devices(account: Account, names: Names) -> list[LicenceRow]:
    """Every licence with its use, serial numbers, tags, peaks and devices, for the reader."""
    rows = licences_with_facts(account)
    keys = by_licence(ProductKey.objects.filter(account=account))
    bound = Device.objects.filter(account=account).bound()
    devices = by_licence(names.put_on(bound.with_last_refresh().with_last_version()))
    denials = count_true(Denial.every.filter(account=account), since=periods.since())
    peaks = Peaks(account, [row.licence for row in rows], days=30)
    for row in rows:
        row.keys = keys[row.licence.pk]
        row.devices = devices[row.licence.pk]
        row.denials = denials.get(row.licence.pk, NONE).month
        row.peaks = peaks
    return rows


def to_search(account: Account, names: Names) -> list[LicenceRow]:
    """Every licence with what a search looks through, for the reader."""
    rows = licences_of(account)
    put_tags_on(account, rows)
    keys = by_licence(ProductKey.objects.filter(account=account))
    devices = by_licence(names.put_on(Device.objects.filter(account=account).bound()))
    for row in rows:
        row.keys, row.devices = keys[row.licence.pk], devices[row.licence.pk]
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


def by_number(version: str) -> tuple[int, ...]:
    """A version as what it is sorted by; one without numbers comes first."""
    try:
        return numbers(version)
    except ValueError:
        return ()


def add_features(licences: Iterable[Licence]) -> None:
    """Load the names of the licences' features."""
    included = LicenceFeature.objects.select_related("feature")
    by_name = included.order_by(Alphabetical("feature__name"))
    prefetch_related_objects(list(licences), Prefetch("licence_features", queryset=by_name))


def is_pool(row: LicenceRow) -> bool:
    return row.licence.usage_model == UsageModel.CONCURRENT
