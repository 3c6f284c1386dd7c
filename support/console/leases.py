"""Lease licences as the desk lists them: which run, which need reactivation, which have moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from licensing.models import Device, Licence, ProductKey
from licensing.models.licences import LicenceState, UsageModel
from support.console import offers, tables
from support.console.offers import Person
from support.console.rows import Row
from support.console.tables import page_of


@dataclass(frozen=True)
class LeaseRow(Row):
    """A lease licence, with who has it where, and what took its place."""

    @property
    def number(self) -> str:
        """The serial number that stands for it: of the last of its keys."""
        return next((key.serial_number for key in self.record.of_keys), "–")

    @property
    def devices(self) -> list[Device]:
        """Those that its seats are bound to now."""
        return list(self.record.bound)

    @property
    def single(self) -> Licence | None:
        """The single-user licence that replaces it."""
        return getattr(self.record, "replaced_by", None)

    @property
    def single_url(self) -> str:
        return page_of(self.single) if self.single else ""

    @property
    def status(self) -> str:
        """Whether it goes on as it is, needs reactivation to go on, or has been moved."""
        if self.single:
            return "moved"
        goes_on = self.record.state == LicenceState.ACTIVE and not self.record.has_ended
        return "running" if goes_on and self.devices else "needs_reactivation"


def listed() -> QuerySet[Licence]:
    """Every lease licence that goes on, or that another took the place of."""
    bound = Device.objects.bound().order_by("pk")
    keys = ProductKey.objects.order_by("-pk")
    told = ("replaced_by", Prefetch("devices", bound, "bound"), Prefetch("keys", keys, "of_keys"))
    goes_on = ~Q(state=LicenceState.CLOSED) | Q(replaced_by__isnull=False)
    leases = tables.of(Licence).rows().filter(goes_on, usage_model=UsageModel.LEASE)
    return leases.prefetch_related(*told)


def rows_of(user: Person, leases: Iterable[Any]) -> list[Row]:
    """Each of them with what this person may do to it."""
    table = tables.of(Licence)
    return [LeaseRow(one, page_of(one), offers.beside(table, user, one)) for one in leases]
