"""An account's active sessions as pages list them: searched, filtered, sorted, paged, counted.

All of it happens in the database, for there may be 10,000 and more. One aggregate
query gives every count that a page shows and the ``version`` by which a browser
asks whether anything has changed.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DecimalField,
    F,
    Func,
    Q,
    Sum,
    Value,
    When,
)
from django.db.models.functions import MD5, Lower, Now
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from licensing.models import Account, ClientSession
from licensing.models.sessions import ClientSessionQuerySet, SessionState
from portal.aliases import Names

PER_PAGE = 50
LONG = dt.timedelta(hours=8)
FIRST_SORT = "length"  # the newest first

NARROWINGS: dict[str, tuple[str | Promise, Q]] = {
    "active": (gettext_lazy("Active"), Q(state=SessionState.ACTIVE)),
    "quiet": (gettext_lazy("Quiet"), Q(state=SessionState.QUIET)),
    "offline": (gettext_lazy("Offline"), Q(state=SessionState.OFFLINE)),
    "held": (gettext_lazy("Held"), Q(state=SessionState.HELD)),
    "ending": (gettext_lazy("Ending"), Q(state=SessionState.ENDING)),
    "long": (gettext_lazy("Longer than 8 h"), Q(started_at__lte=Now() - LONG)),
    "remote": (gettext_lazy("Citrix or remote"), ~Q(os_session="")),
}

STATE_ORDER = Case(
    *(When(state=state, then=place) for place, state in enumerate(SessionState)),
    output_field=BigIntegerField(),
)
SORTS = {
    "user": Lower("username"),
    "machine": Lower("machine_name"),
    "licence": Lower("licence__name"),
    "state": STATE_ORDER,
    "started": F("started_at"),
    "refreshed": F("refreshed_at"),
    "length": Now() - F("started_at"),
    "back": F("reclaim_at"),
    "version": F("version"),
}

HIDDEN_SORTS = {"user": MD5("person"), "machine": MD5("machine")}
"""Keep the sessions of one person together, in an order that tells nothing."""

FINGERPRINT = Sum(
    Func(
        *("pk", "refreshed_at", "reclaim_at", "state"),
        template="hashtextextended(concat_ws(' ', %(expressions)s), 0)",
        output_field=DecimalField(max_digits=40, decimal_places=0),
    ),
    default=Value(0),
)
"""Changes when a session comes, goes, refreshes or changes its derived state."""


@dataclass(frozen=True)
class Chip:
    """One narrowing with how many sessions it leaves."""

    state: str
    label: str | Promise
    count: int
    query: str
    is_current: bool


class SessionList:
    """What an address asks for of an account's sessions. What it cannot mean is passed over.

    Readers of aliases search licences and keys only: to find somebody by their name is to
    learn their alias. Nor does a sort tell them who comes first in the alphabet.
    """

    def __init__(self, account: Account, parameters: QueryDict, names: Names) -> None:
        self.account = account
        self.names = names
        self.parameters = parameters
        self.q = parameters.get("q", "").strip().replace("\0", "")
        self.state = parameters.get("state", "")
        if self.state not in NARROWINGS:
            self.state = ""
        self.chosen = [text for text in parameters.getlist("chosen") if is_uuid(text)]
        licence = parameters.get("licence", "")
        self.licence = int(licence) if licence.isdecimal() and len(licence) < 19 else None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.state or self.licence)

    @property
    def sessions(self) -> ClientSessionQuerySet:
        return self.account.sessions.active().with_state()

    @property
    def searched(self) -> Q:
        """What the search box and the licence filter let through."""
        condition = Q(licence=self.licence) if self.licence else Q()
        for word in self.q.split():
            found = Q(licence__name__icontains=word) | Q(key__serial_number__icontains=word)
            if not self.names.are_aliases:
                found |= Q(username__icontains=word) | Q(machine_name__icontains=word)
            condition &= found
        return condition

    @cached_property
    def counts(self) -> dict[str, int]:
        """``everyone``, ``all`` that match the search, each narrowing of those, ``fingerprint``."""
        narrowed = {
            name: Count("pk", filter=self.searched & narrowing)
            for name, (_label, narrowing) in NARROWINGS.items()
        }
        return self.sessions.aggregate(
            everyone=Count("pk"),
            all=Count("pk", filter=self.searched) if self.searched else Count("pk"),
            fingerprint=FINGERPRINT,
            **narrowed,
        )

    @property
    def version(self) -> str:
        """Another one whenever the rows, their states or the counts have changed."""
        return "-".join(format(int(count), "x") for count in self.counts.values())

    @property
    def chips(self) -> list[Chip]:
        """All and every narrowing, each with its count and the address that shows it."""
        labels = {"": gettext_lazy("All")} | {name: n[0] for name, n in NARROWINGS.items()}
        return [
            Chip(
                state=name,
                label=label,
                count=self.counts[name or "all"],
                query=self.query_with(state=name),
                is_current=name == self.state,
            )
            for name, label in labels.items()
        ]

    def query_with(self, **changes: str) -> str:
        """This view's query string with some parameters changed, on its first page."""
        query = self.parameters.copy()
        for name in ("page", "v"):
            query.pop(name, None)
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return query.urlencode()

    @property
    def rows(self) -> ClientSessionQuerySet:
        """All that match, in the order that is asked for."""
        rows = self.sessions.filter(self.searched)
        if self.chosen:
            rows = rows.filter(pk__in=self.chosen)
        if self.state:
            rows = rows.filter(NARROWINGS[self.state][1])
        return rows.select_related("licence", "key").order_by(*self.order)

    @cached_property
    def page(self) -> Page[ClientSession]:
        """The rows of the page that is asked for."""
        paginator = Paginator(self.rows, PER_PAGE)
        paginator.count = self.counts[self.state or "all"]  # known already: no query of its own
        page = paginator.get_page(self.parameters.get("page"))
        page.object_list = self.names.put_on(page.object_list)
        return page

    @property
    def order(self) -> list[object]:
        """The wanted column, then the id, so that pages never overlap."""
        wanted = self.parameters.get("sort", "")
        if wanted.removeprefix("-") not in SORTS:
            wanted = FIRST_SORT
        sorts = SORTS | HIDDEN_SORTS if self.names.are_aliases else SORTS
        column = sorts[wanted.removeprefix("-")]
        if wanted.startswith("-"):
            return [column.desc(nulls_first=True), "pk"]
        return [column.asc(nulls_last=True), "pk"]


def is_uuid(text: str) -> bool:
    """Whether the text can be a session's id."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
