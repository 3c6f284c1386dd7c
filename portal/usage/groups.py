"""Use by pool, person, machine, key, version or feature, as one reader sees it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing.identity import as_compared
from licensing.models import Denial, Licence, ProductKey
from licensing.models.catalogue import Feature
from licensing.names import alphabetical
from licensing.usage.groups import Grouping, GroupUse
from licensing.usage.values import HOUR, hour_of
from portal.usage.asked import UseAsked
from portal.usage.counted import share_at
from portal.usage.figures import Figures
from portal.words.aliases import Names

LABELS: Mapping[Grouping, str | Promise] = {
    Grouping.POOL: gettext_lazy("Pool"),
    Grouping.PERSON: gettext_lazy("Person"),
    Grouping.MACHINE: gettext_lazy("Machine"),
    Grouping.KEY: gettext_lazy("Key"),
    Grouping.VERSION: gettext_lazy("Version"),
    Grouping.FEATURE: gettext_lazy("Feature"),
}
PAGES = {Grouping.PERSON: "portal:person", Grouping.MACHINE: "portal:machine"}
REFUSED: Mapping[Grouping, Callable[[Denial], str]] = {
    Grouping.POOL: lambda denial: str(denial.licence_id),
    Grouping.PERSON: lambda denial: as_compared(denial.username),
    Grouping.MACHINE: lambda denial: as_compared(denial.machine_name),
    Grouping.KEY: lambda denial: str(denial.key_id),
    Grouping.VERSION: lambda denial: denial.version,
}
"""Whose a refusal is. Which feature was full is not written down."""


class Group(NamedTuple):
    """What a group used. ``true_denials`` is None where it is not known."""

    name: str
    peak: int
    hours: float
    share: float
    people: int
    days: int
    true_denials: int | None
    url: str = ""
    """The page of a person or a machine."""
    limit: int | None = None
    """How many seats a pool has now; None of what is no pool."""

    @property
    def percent(self) -> int:
        return round(self.share * 100)


class Groups:
    """The use that is counted, by groups."""

    def __init__(self, by: Grouping, figures: Figures, names: Names) -> None:
        self.by, self.figures, self.names = by, figures, names

    @property
    def label(self) -> str | Promise:
        """What the groups are."""
        return LABELS[self.by]

    @property
    def tells_people(self) -> bool:
        """Whether a group is more than a person."""
        return self.by != Grouping.PERSON

    @property
    def tells_limits(self) -> bool:
        """Whether a group is a pool, which has a user limit."""
        return self.by == Grouping.POOL

    @property
    def tells_denials(self) -> bool:
        return self.by in REFUSED

    @cached_property
    def rows(self) -> list[Group]:
        """Each group that used a seat or was refused one, those with the most hours first."""
        rows = [self.group(use) for use in self.used]
        rows.sort(key=lambda row: alphabetical(row.name))
        return sorted(rows, key=lambda row: (-row.hours, -(row.true_denials or 0)))

    def group(self, use: GroupUse) -> Group:
        """The figures of a group as they are told."""
        return Group(
            name=self.name_of(use),
            peak=use.peak,
            hours=use.seconds / HOUR.total_seconds(),
            share=use.seconds / self.seconds if self.seconds else 0.0,
            people=use.people,
            days=use.days,
            true_denials=self.refused[use.key] if self.tells_denials else None,
            url=self.address_of(use),
            limit=self.limits.get(use.key),
        )

    def address_of(self, use: GroupUse) -> str:
        """Where a group's page is, if it is one of those that have any; none for aliases."""
        page = PAGES.get(self.by)
        if page is None or not use.label or self.names.are_aliases:
            return ""
        return reverse(page, query={"name": use.label})

    @cached_property
    def used(self) -> list[GroupUse]:
        """What the groups used, and nothing of those that were only refused."""
        used = self.figures.used_by(self.by)
        refused = set(self.refused) - {use.key for use in used}
        return [*used, *(GroupUse(key, self.written[key], 0.0, 0, 0, 0) for key in refused)]

    @cached_property
    def limits(self) -> Mapping[str, int]:
        """The user limits of pools, as they are now; none of other groups."""
        pools = self.figures.licences if self.tells_limits else []
        return {str(pool.pk): pool.seats for pool in pools}

    @cached_property
    def seconds(self) -> float:
        """For how long seats were in use, all of them together."""
        return self.figures.seat_seconds

    @cached_property
    def denials(self) -> list[Denial]:
        """The true denials of the hours that count."""
        since, until = self.figures.range.since, self.figures.range.until
        found = Denial.every.true().filter(
            licence__in=self.figures.licences, last_at__gte=since - HOUR, first_at__lt=until + HOUR
        )
        return [denial for denial in found if self.counts(hour_of(denial.first_at))]

    def counts(self, hour: dt.datetime) -> bool:
        """Whether some of an hour counts."""
        return share_at(hour, self.figures.range, only_working=self.figures.only_working) > 0

    @cached_property
    def refused(self) -> Counter[str]:
        """How many true denials each group had."""
        key_of = REFUSED.get(self.by)
        return Counter(map(key_of, self.denials)) if key_of else Counter()

    @property
    def written(self) -> Mapping[str, str]:
        """How those who were refused wrote their names, where they have any."""
        of = {Grouping.PERSON: "username", Grouping.MACHINE: "machine_name"}.get(self.by)
        key_of = REFUSED[self.by]
        return {key_of(denial): getattr(denial, of) if of else "" for denial in self.denials}

    def name_of(self, use: GroupUse) -> str:
        """A group's name, as the reader may see it."""
        if self.by == Grouping.PERSON:
            return self.names.person(use.label)
        if self.by == Grouping.MACHINE:
            return self.names.machine(use.label)
        return self.named.get(use.key, use.key) or self.unnamed

    @property
    def unnamed(self) -> str:
        """The group of what has no name."""
        return _("No feature") if self.by == Grouping.FEATURE else _("Not told")

    @cached_property
    def named(self) -> Mapping[str, str]:
        """The names of licences, keys or features."""
        of = NAMED.get(self.by)
        return of(self.figures.licences) if of else {}


def pools_of(licences: Sequence[Licence]) -> dict[str, str]:
    """The names of licences."""
    return {str(licence.pk): licence.name for licence in licences}


def keys_of(licences: Sequence[Licence]) -> dict[str, str]:
    """What the keys of licences are called: such as "London office · 4Q7M-0XWT-9K2C"."""
    keys = ProductKey.objects.filter(licence__in=licences).only("pk", "label", "serial_number")
    return {str(key.pk): " · ".join(filter(None, [key.label, key.serial_number])) for key in keys}


def features_of(licences: Sequence[Licence]) -> dict[str, str]:
    """The names of the features of the products of licences."""
    products = {licence.product_id for licence in licences}
    return dict(Feature.objects.filter(product__in=products).values_list("code", "name"))


NAMED = {Grouping.POOL: pools_of, Grouping.KEY: keys_of, Grouping.FEATURE: features_of}


def choices(use: UseAsked) -> list[tuple[str | Promise, str, bool]]:
    """Each way to group, with its address and whether it is shown."""
    return [(LABELS[by], use.query_with(group=by), by == use.grouping) for by in Grouping]
