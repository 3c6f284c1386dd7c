"""One licence as its page tells it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils import timezone

from licensing import entitlements
from licensing.models import (
    AccessRule,
    AuditEntry,
    ClientSession,
    Licence,
    LicenceFeature,
    PlannedSeats,
)
from licensing.models.sessions import EndReason
from licensing.usage.roll_up import first_use
from portal.licences import access_rules, notes, policies, tags
from portal.licences.access_rules import RuleRow
from portal.licences.devices import DeviceRow, devices_of
from portal.licences.keys import KeyRow, keys_of
from portal.licences.rows import LicenceRow
from portal.lists.columns import Column
from portal.lists.cursors import By, Id, Order
from portal.lists.paging import ListPage, page_of
from portal.models import LicenceNotes
from portal.sessions.listed import FIRST_ORDER, SESSIONS
from portal.usage.charts import Chart
from portal.usage.days import peaks_chart
from portal.usage.denials import DenialList, DenialRow, rows_of
from portal.usage.listed import DENIALS
from portal.usage.peaks import Peaks
from portal.words.aliases import Names
from portal.words.sentences import told

FIRST_SESSIONS = 10
LATEST_DENIALS = 5
ENTRIES_OF_A_PAGE = 20
HISTORY = "history-"
BY_NUMBER = Order((By(name="number", kind=Id, is_descending=True),))
"""The latest first."""
LATEST_LIMITS = 10
DAYS_OF_PEAKS = 30


class LicencePage:
    """What a licence's page shows to a reader of these names. Each part is asked for once.

    ``parameters`` say which page of its history.
    """

    def __init__(self, licence: Licence, names: Names, parameters: QueryDict) -> None:
        self.licence, self.names, self.parameters = licence, names, parameters

    @cached_property
    def row(self) -> LicenceRow:
        """What a list would say about it."""
        return LicenceRow(
            licence=self.licence,
            in_use=self.licence.in_use,  # type: ignore[attr-defined]
            keys=[row.key for row in reversed(self.keys)],
        )

    @cached_property
    def tags(self) -> list[str]:
        return tags.by_licence(self.licence.account, [self.licence.pk])[self.licence.pk]

    @cached_property
    def limits(self) -> list[dict[str, Any]]:
        """How the user limit changed, latest first: before, after and the day."""
        changes = self.licence.account.audit_entries.filter(
            object_kind="licence", object_id=str(self.licence.pk), action="seats_changed"
        )
        return [
            {**entry.details, "on": timezone.localdate(entry.at)}
            for entry in changes[:LATEST_LIMITS]
        ]

    @cached_property
    def planned(self) -> list[PlannedSeats]:
        """What changes of its seats by itself: emergency seats first, then by date."""
        planned = self.licence.planned_seats.open().order_by("until", "on")
        return list(planned)

    @property
    def contact(self) -> LicenceNotes:
        return notes.of(self.licence)

    @property
    def notes(self) -> str:
        return self.names.written(self.contact.text)

    @cached_property
    def features(self) -> list[tuple[LicenceFeature, int]]:
        """Each with how many open sessions asked for it."""
        return entitlements.feature_use(self.licence)

    @property
    def features_in_use(self) -> list[tuple[LicenceFeature, int, int | None]]:
        """The same, each with its peak of 30 days; None where it is not limited."""
        return [
            (
                included,
                in_use,
                None if included.seats is None else self.peaks.peak_of(self.licence, included),
            )
            for included, in_use in self.features
        ]

    @cached_property
    def peaks(self) -> Peaks:
        """How many of its seats were in use at once, and of its limited features."""
        limited = [included for included, _in_use in self.features if included.seats is not None]
        account, one = self.licence.account, [self.licence]
        return Peaks(account, one, days=DAYS_OF_PEAKS, features=limited, began=first_use(one))

    @property
    def peak(self) -> int:
        """The highest of 30 days."""
        return self.peaks.peak_of(self.licence)

    @property
    def use(self) -> Chart:
        """Its peak of each of those days."""
        days = self.peaks.days_of(self.licence)
        return peaks_chart(f"use-{self.licence.pk}", self.licence, days)

    @property
    def policy_name(self) -> str:
        return policies.policy_name(self.licence)

    @property
    def policy(self) -> str:
        return policies.policy_in_words(self.licence)

    @cached_property
    def keys(self) -> list[KeyRow]:
        return keys_of(self.licence)

    @cached_property
    def devices(self) -> list[DeviceRow]:
        """None of a pool, whose seats are bound to no device."""
        return [] if self.licence.is_concurrent else devices_of(self.licence, self.names)

    @property
    def bound(self) -> int:
        """How many of the devices are bound to a seat now."""
        return sum(row.is_bound for row in self.devices)

    @cached_property
    def rules(self) -> list[RuleRow]:
        return access_rules.rules_of(self.licence, self.names)

    @cached_property
    def sessions(self) -> list[ClientSession]:
        """The first of its active sessions, as the list of all sorts them at first."""
        theirs = ClientSession.objects.filter(licence=self.licence, account=self.licence.account_id)
        active = theirs.active().with_state().select_related("licence", "key")
        return self.names.put_on(FIRST_ORDER.on(active)[:FIRST_SESSIONS])

    @property
    def session_columns(self) -> dict[str, Column]:
        return SESSIONS.table.at_first(of="active", without="licence")

    @cached_property
    def denials(self) -> DenialList:
        """Whom it refused in the last 30 days."""
        asked = QueryDict(f"licence={self.licence.pk}")
        return DenialList(self.licence.account, asked, self.names)

    @cached_property
    def latest_denials(self) -> list[DenialRow]:
        return rows_of(self.denials.rows[:LATEST_DENIALS], self.names)

    @property
    def denial_columns(self) -> dict[str, Column]:
        return DENIALS.table.at_first(without="licence")

    @cached_property
    def history(self) -> ListPage[tuple[AuditEntry, str]]:
        """A page of what people changed about it, each entry with its sentence."""
        page = page_of(
            history_of(self.licence),
            BY_NUMBER,
            self.parameters,
            total=None,
            per=ENTRIES_OF_A_PAGE,
            prefix=HISTORY,
        )
        return page.showing(told(page, self.names))


def history_of(licence: Licence) -> QuerySet[AuditEntry]:
    """What people changed about the licence, its keys and its sessions, latest first."""
    released = ClientSession.every.filter(licence=licence, end_reason=EndReason.RELEASED)
    about = Q(object_kind="licence", object_id=str(licence.pk))
    about |= Q(object_kind="product key", object_id__in=ids_of(licence.keys.all()))
    about |= Q(object_kind="device", object_id__in=ids_of(licence.devices.all()))
    about |= Q(
        object_kind="access rule", object_id__in=ids_of(AccessRule.objects.of_licence(licence))
    )
    about |= Q(object_kind="client session", object_id__in=ids_of(released))
    return licence.account.audit_entries.filter(about)


def ids_of(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows' ids as the audit record writes them."""
    return rows.order_by().values_list(Cast("pk", CharField()))
