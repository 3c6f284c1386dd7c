"""What the page of a person and that of a machine have in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, F, Max, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from licensing.models import AccessRule, Account, ClientSession, Denial, Device
from licensing.models.denials import DenialClass, DenialQuerySet
from licensing.models.sessions import ClientSessionQuerySet, Like
from licensing.usage.groups import Grouping, Only
from portal.desktops.use import UseOfLicence, use_of
from portal.licences import access_rules, devices
from portal.licences.access_rules import RuleRow
from portal.licences.devices import DeviceRow
from portal.lists.columns import Column
from portal.sessions.endings import ENDINGS
from portal.sessions.listed import FIRST_ORDER, SESSIONS
from portal.usage.asked import DAYS_AT_FIRST
from portal.usage.denials import DenialRow, rows_of
from portal.usage.listed import DENIALS
from portal.words.aliases import Names

MOST_OPEN, MOST_ENDED, MOST_REFUSALS = 20, 10, 10
"""How many of each stand on the page."""
REFUSED_WITHIN = dt.timedelta(days=DAYS_AT_FIRST)


class Told(NamedTuple):
    """A machine, user or version of sessions, how many those were, and when one was heard of."""

    name: str
    sessions: int
    last_at: dt.datetime


class Desktop:
    """A person or a machine as a page tells them; each part is asked for once.

    ``column`` is that of sessions by which they are found, ``refused`` that of refusals, and
    ``other`` those of whom they are found with: of a person machines, of a machine people.
    """

    column: str
    other: tuple[str, str]
    refused: Combinable
    grouping: Grouping
    preset: Mapping[str, str]
    """What a block from the page is about at first."""
    most_told = 10
    """How many machines, people, versions and licences used stand on the page."""

    def __init__(self, account: Account, compared: list[str], names: Names) -> None:
        self.account, self.compared, self.names = account, compared, names

    @property
    def sessions(self) -> ClientSessionQuerySet:
        """All that there are, open or over."""
        every = ClientSession.every.filter(account=self.account)
        return every.named(**{self.column: self.compared})

    @cached_property
    def open_sessions(self) -> list[ClientSession]:
        """The first that hold a seat, those that may be wanted back first."""
        theirs = self.account.sessions.active().filter(**{f"{self.column}__in": self.compared})
        related = theirs.with_state().select_related("licence", "key")
        return list(FIRST_ORDER.on(related)[:MOST_OPEN])

    @cached_property
    def open_number(self) -> int:
        """How many hold a seat, shown or not."""
        if len(self.open_sessions) < MOST_OPEN:
            return len(self.open_sessions)
        return self.sessions.active().count()

    @cached_property
    def ended_sessions(self) -> list[ClientSession]:
        """The last that ended."""
        ended = self.sessions.ended().with_state().select_related("licence", "key")
        found = list(ended.order_by("-ended_at", "pk")[:MOST_ENDED])
        for session in found:
            session.ending = ENDINGS.get(session.end_reason, "")  # type: ignore[attr-defined]
        return found

    @property
    def last_session(self) -> ClientSession | None:
        """The one by which they are blocked: an open one, else the last that ended."""
        return next(iter([*self.open_sessions, *self.ended_sessions]), None)

    @property
    def columns_of_open(self) -> dict[str, Column]:
        return SESSIONS.table.at_first(of="active")

    @property
    def columns_of_ended(self) -> dict[str, Column]:
        return SESSIONS.table.at_first(of="ended")

    def told_by(self, column: str, shown: str) -> list[Told]:
        """The first of their machines, users or versions, those heard of last first."""
        grouped = self.sessions.order_by().values(column)
        counted = grouped.annotate(shown=Max(shown), number=Count("pk"), last=Max("refreshed_at"))
        latest = counted.order_by("-last", column)[: self.most_told]
        return [Told(one["shown"], one["number"], one["last"]) for one in latest]

    @cached_property
    def others(self) -> list[Told]:
        """The machines of a person, or the people of a machine."""
        return self.told_by(*self.other)

    @cached_property
    def number_of_others(self) -> int:
        """How many there are, shown or not."""
        if len(self.others) < self.most_told:
            return len(self.others)
        return self.sessions.order_by().values(self.other[0]).distinct().count()

    @cached_property
    def versions(self) -> list[Told]:
        return self.told_by("version", "version")

    @property
    def last_at(self) -> dt.datetime | None:
        """When a program was heard of last."""
        return self.others[0].last_at if self.others else None

    @cached_property
    def use(self) -> list[UseOfLicence]:
        """How long they held seats of late, by licence."""
        used = self.sessions.order_by().values("licence_id").distinct()
        licences = list(self.account.licences.filter(pk__in=used)) if self.others else []
        return use_of(self.account, licences, Only(self.grouping, self.compared))

    @property
    def hours(self) -> float:
        return round(sum(use.hours for use in self.use), 1)

    @property
    def bound(self) -> list[Device]:
        """The devices that seats are bound to."""
        raise NotImplementedError

    @cached_property
    def devices(self) -> list[DeviceRow]:
        return devices.rows_of(self.bound, self.account.sessions.all(), self.names)

    @property
    def of_late(self) -> DenialQuerySet:
        """The refusals of 30 days."""
        of_account = Denial.every.filter(account=self.account, last_at__gt=Now() - REFUSED_WITHIN)
        theirs = of_account.alias(compared=self.refused).filter(compared__in=self.compared)
        return theirs.with_class()

    @cached_property
    def denials(self) -> list[DenialRow]:
        """The last of them."""
        shown = self.of_late.with_end().select_related("licence")
        return rows_of(shown.order_by("-last_at", "-pk")[:MOST_REFUSALS], self.names)

    @cached_property
    def refusals_of_class(self) -> dict[str, int]:
        """How many there are of each class."""
        classes = self.of_late.order_by().values("denial_class")  # type: ignore[misc] # annotated
        counted = classes.annotate(number=Count("pk"))
        return dict(counted.values_list("denial_class", "number"))

    @property
    def refusals(self) -> int:
        return sum(self.refusals_of_class.values())

    @property
    def true_refusals(self) -> int:
        return self.refusals_of_class.get(DenialClass.TRUE, 0)

    @property
    def denial_columns(self) -> dict[str, Column]:
        return DENIALS.table.at_first()

    @cached_property
    def rules(self) -> list[RuleRow]:
        """The rules in force that name them, and those about everybody everywhere."""
        mine, other = ("person", "machine") if self.column == "person" else ("machine", "person")
        is_named = Q()
        for name in self.compared:
            is_named |= Q(Like(Value(name), F(f"{mine}_like")))
        is_about = ~Q(**{f"{mine}_like": "%"}) | Q(**{f"{other}_like": "%"})
        in_force = AccessRule.objects.filter(account=self.account).current()
        found = in_force.filter(is_named, is_about).select_related("licence")
        return access_rules.rows_of(found, self.names)

    @cached_property
    def any_licence(self) -> int | None:
        """A licence by which a rule of the whole account is lifted."""
        licences = self.account.licences.order_by("pk").values_list("pk", flat=True)
        return licences.first()

    @property
    def is_known(self) -> bool:
        """Whether the account knows anything of them."""
        return bool(self.others or self.bound or self.denials)
