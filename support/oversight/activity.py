"""What staff did, as a list: who, for which customer, why; the last first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.contrib.admin.models import LogEntry
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from licensing.models import AuditEntry
from portal.audit.listed import KINDS
from portal.lists.asked import Asked
from portal.lists.cursors import By, Id, Moment, Order
from portal.lists.listing import Listing, Parameter, looked_for, one_of
from portal.lists.paging import ListPage, page_of
from portal.sign_in import visits
from portal.views import visiting
from portal.words.aliases import real_names
from portal.words.names import short_name
from portal.words.sentences import sentence
from support.oversight.unusual import UNUSUAL, Flag, flags_of, watched

VIEWS, CHANGES = "views", "changes"
OF_VIEWS = Q(action__in=[visits.BEGAN, visits.ENDED])
CHOICES = [
    (VIEWS, "Views of accounts"),
    (CHANGES, "Changes"),
    *((str(name), words) for name, (words, _kinds) in KINDS.items()),
]
"""What entries may be about, to choose from."""

WHO, ACCOUNT = Parameter("who", looked_for), Parameter("account", looked_for)
TICKET = Parameter("ticket", looked_for)
OF_KIND = Parameter("kind", one_of(name for name, _words in CHOICES))
ONLY_UNUSUAL = Parameter("unusual", one_of(["1"]), is_link=True)
ACTIVITY = Listing(
    name="activity",
    page="support:activity",
    parameters=(WHO, ACCOUNT, TICKET, OF_KIND, ONLY_UNUSUAL),
    days=7,
    file=(),
)
LONG_AGO, A_MOMENT = dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.timedelta(minutes=5)
"""What nobody did anything before; how far clocks are apart at most."""
MOST = 50
"""So many of what belongs to no account are shown."""
ORDER = Order(
    (By(name="at", kind=Moment, is_descending=True), By(name="id", kind=Id, is_descending=True))
)


@dataclass(frozen=True)
class Line:
    """One entry in words, what is unusual about it, and where it leads."""

    entry: AuditEntry
    who: str
    text: str
    flags: list[Flag]
    account_url: str
    entry_url: str


class StaffActivity(Asked):
    """What an address asks for of what staff did."""

    listing = ACTIVITY

    def __init__(self, parameters: QueryDict) -> None:
        super().__init__(parameters)
        self.who, self.account = WHO.of(self.parameters), ACCOUNT.of(self.parameters)
        self.ticket = TICKET.of(self.parameters)
        self.kind = OF_KIND.of(self.parameters)
        self.only_unusual = ONLY_UNUSUAL.of(self.parameters) is not None

    @property
    def rows(self) -> QuerySet[AuditEntry]:
        """All entries that match, the last first."""
        found = watched(*self.moments).filter(self.in_days("at"), of_kind(self.kind))
        if self.who:
            found = found.filter(actor_name__holds=self.who)
        if self.account:
            found = found.filter(account__name__holds=self.account)
        if self.ticket:
            found = found.filter(ticket__gt="", ticket__iexact=self.ticket)
        return ORDER.on(found.filter(UNUSUAL) if self.only_unusual else found)

    @property
    def moments(self) -> tuple[dt.datetime, dt.datetime]:
        """From when until before when the days are; without a word of either, as long as it was."""
        asked = self.period.as_asked
        return asked.get("since", LONG_AGO), asked.get("until", timezone.now() + A_MOMENT)

    @cached_property
    def page(self) -> ListPage[Line]:
        """The page that is asked for, in words; nobody counts all of it."""
        found = page_of(self.rows.select_related("account"), ORDER, self.parameters, total=None)
        return found.showing([line_of(entry) for entry in found])

    @property
    def of_no_account(self) -> QuerySet[LogEntry]:
        """What staff did that belongs to no account, users and the catalogue, the last first;
        nothing where the list is asked for one account, ticket or kind."""
        asked_of_accounts = self.account or self.ticket or self.kind or self.only_unusual
        found = LogEntry.objects.filter(self.in_days("action_time"), user__is_staff=True)
        if self.who:
            found = found.filter(user__name__holds=self.who)
        found = found.none() if asked_of_accounts else found
        return found.select_related("user", "content_type").order_by("-action_time", "-pk")[:MOST]

    @property
    def switched(self) -> str:
        """The same view with what is unusual alone, or with everything again."""
        return self.query_with(unusual="" if self.only_unusual else "1")


def of_kind(kind: str | None) -> Q:
    """The entries of a kind; of nothing that is asked for, all."""
    if kind is None:
        return Q()
    if kind in (VIEWS, CHANGES):
        return OF_VIEWS if kind == VIEWS else ~OF_VIEWS
    return Q(object_kind__in=KINDS[kind][1])


def line_of(entry: AuditEntry) -> Line:
    """An entry in words."""
    return Line(
        entry,
        short_name(entry.actor_name),
        sentence(entry, real_names(entry.account)),
        flags_of(entry),
        visiting.way_back(entry.account),
        reverse("admin:licensing_auditentry_change", args=[entry.pk]),
    )
