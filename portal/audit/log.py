"""The audit log as a page lists it: filtered, by days, each entry a sentence that leads on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext

from licensing.import_acts import DONE
from licensing.models import AccessRule, Account, AuditEntry, Device, ProductKey
from portal.audit.details import without_secrets
from portal.audit.listed import AUDIT, FIRST_DAYS, KINDS, OF_KIND, ONLY_STAFF, PART_OF
from portal.lists import periods
from portal.lists.asked import AskedList
from portal.lists.cursors import By, Id, Order
from portal.lists.paging import ListPage, page_of
from portal.lists.search_tokens import phrase
from portal.words import recorded
from portal.words.aliases import Names, real_names
from portal.words.sentences import sentence, who

ORDER = Order((By(name="number", kind=Id, is_descending=True),))
"""The last first."""
BY_STAFF = Q(actor_kind="support")


@dataclass(frozen=True)
class Line:
    """One entry in words; ``url`` leads to what it is about, if that has a page.

    ``user`` and ``machine`` are those that it names, as programs know them.
    """

    entry: AuditEntry
    text: str
    who: str
    about: str
    kind: str
    url: str
    user: str
    machine: str
    details: list[tuple[str, str]]

    @property
    def is_staff(self) -> bool:
        return self.entry.actor_kind == "support"


class AuditLog(AskedList):
    """What an address asks for of an account's record."""

    listing = AUDIT

    def __init__(self, account: Account, parameters: QueryDict, names: Names) -> None:
        super().__init__(account, parameters, names)
        self.who = phrase(parameters.get("who", ""))
        self.about = phrase(parameters.get("about", ""))
        self.kind = OF_KIND.of(self.parameters)
        self.only_staff = ONLY_STAFF.of(self.parameters) is not None
        self.part_of = PART_OF.of(self.parameters)

    @property
    def rows(self) -> QuerySet[AuditEntry]:
        """All entries that match, the last first."""
        return ORDER.on(self.of_any_day.filter(self.in_days("at")))

    @property
    def of_any_day(self) -> QuerySet[AuditEntry]:
        """All that match, whenever it was."""
        found = self.account.audit_entries.all()
        if self.who:
            found = found.filter(actor_name__holds=self.who.text)
        if self.about:
            about = self.about.text
            named = Q(object_name__holds=about) | Q(object_id=about) | Q(request_id=about)
            found = found.filter(named)
        if self.kind:
            found = found.filter(object_kind__in=KINDS[self.kind][1])
        if self.only_staff:
            found = found.filter(BY_STAFF)
        if self.part_of:
            found = found.filter(part_of=self.part_of)
        return found

    @property
    def shown(self) -> QuerySet[AuditEntry]:
        """Those that a page tells: what is part of an act only where something particular is
        looked for, or its parts are. Files have all."""
        is_looked_for = self.about or self.kind or self.part_of
        return self.rows if is_looked_for else self.rows.filter(part_of=None)

    @cached_property
    def page(self) -> ListPage[AuditEntry]:
        """The entries of the page that is asked for; nobody counts the whole record for it."""
        return page_of(self.shown, ORDER, self.parameters, total=None)

    @cached_property
    def days(self) -> list[tuple[dt.date, list[Line]]]:
        """The page's entries by the day they were made on."""
        lines = list(lines_of(self.page.rows, real_names(self.account)))
        by_day = groupby(lines, key=lambda line: timezone.localdate(line.entry.at))
        return [(day, list(of_day)) for day, of_day in by_day]

    @property
    def switched(self) -> str:
        """The same view with the vendor's staff alone, or with everybody again."""
        return self.query_with(staff="" if self.only_staff else "1")

    @property
    def nothing(self) -> str:
        """That there is nothing in these days."""
        if self.period.begins(FIRST_DAYS):
            return gettext("Nothing in these 7 days.")
        return gettext("Nothing in these days.")

    @property
    def last_90_days(self) -> str:
        return self.query_with(**periods.last(90))


def kinds() -> list[tuple[str, str | Promise]]:
    """What entries may be about, to choose from."""
    return [(name, words) for name, (words, _kinds) in KINDS.items()]


def lines_of(entries: list[AuditEntry], names: Names) -> Iterator[Line]:
    """Each entry in words; three queries at most, however many there are."""
    licences = Licences(entries)
    for entry in entries:
        yield Line(
            entry,
            sentence(entry, names),
            who(entry, names),
            names.object(entry),
            recorded.kind_in_words(entry.object_kind),
            licences.address_of(entry),
            *named_in(entry),
            recorded.details_in_words(without_secrets(entry.details)),
        )


def named_in(entry: AuditEntry) -> tuple[str, str]:
    """The user and the machine that an entry is about; "" where it names none."""
    if entry.object_kind == "client session":
        user, _on, machine = entry.object_name.rpartition(" on ")
        return user, machine
    return "", entry.object_name if entry.object_kind == "device" else ""


class Licences:
    """Which licence the keys, devices and rules belong to that entries are about."""

    def __init__(self, entries: Iterable[AuditEntry]) -> None:
        self.of_keys = licences_of(ProductKey, entries, "product key")
        self.of_devices = licences_of(Device, entries, "device")
        self.of_rules = licences_of(AccessRule, entries, "access rule")

    def address_of(self, entry: AuditEntry) -> str:
        """The page of what an entry is about; "" where there is none."""
        kind, pk = entry.object_kind, entry.object_id
        if kind == "licence":
            return reverse("portal:licence", args=[pk])
        if kind == "client session":
            return reverse("portal:session", args=[pk])
        if entry.action == DONE:
            return f"{AUDIT.url}?part_of={entry.details['began']}"
        if kind == "request":
            return reverse("portal:request", args=[pk])
        if kind == "product key" and pk in self.of_keys:
            return reverse("portal:key", args=[self.of_keys[pk], pk])
        if kind == "device" and pk in self.of_devices:
            return reverse("portal:licence", args=[self.of_devices[pk]], fragment="devices")
        if kind == "access rule" and pk in self.of_rules:
            return reverse("portal:licence", args=[self.of_rules[pk]], fragment="rules")
        return ""


def licences_of(model: Any, entries: Iterable[AuditEntry], kind: str) -> dict[str, int]:
    """The licences of the rows that entries of this kind are about, by the rows' ids."""
    ids = {entry.object_id for entry in entries if entry.object_kind == kind}
    if not ids:
        return {}
    rows = model.objects.filter(pk__in=ids, licence__isnull=False).values_list("pk", "licence")
    return {str(pk): licence for pk, licence in rows}
