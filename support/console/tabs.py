"""The tabs of an account's page: each a table of what the account has, a page at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict

from licensing.models import (
    Account,
    AuditEntry,
    ClientSession,
    Denial,
    Device,
    Licence,
    ProductKey,
)
from portal.lists.cursors import By, Id, Moment, Order, Uuid, by_name
from portal.lists.paging import ListPage, page_of
from portal.models import Invitation, LicenceNotes, Membership
from portal.words.aliases import real_names
from portal.words.refusals import machines_in_words, people_in_words, refusal
from portal.words.sentences import told
from support.console import orders, rows, tables
from support.console.offers import Person
from support.console.stories.story import address_of
from support.console.table import may_see

PER_PAGE = 25
NEWEST = Order((By(name="pk", kind=Id, is_descending=True),))
BY_NAME = Order((by_name("name"), By(name="pk", kind=Id)))
LATEST = By(name="last_at", kind=Moment, is_descending=True)
STARTED = By(name="started_at", kind=Moment, is_descending=True)
ENDED = "ended"
"""How the address asks for sessions that gave their seats back."""

type Rows = Callable[[Account, QueryDict], QuerySet[Any]]


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One tab: who sees ``model`` sees it; ``of`` finds its rows."""

    name: str
    label: str
    model: type[Model]
    of: Rows
    order: Order = NEWEST
    shown: Callable[[Person, Account, list[Any]], list[Any]] = lambda user, account, found: found

    def page(self, request: HttpRequest, account: Account) -> ListPage[Any]:
        """The page of its rows that the address asks for; nobody counts them all for it."""
        found = self.of(account, request.GET)
        page = page_of(found, self.order, request.GET, total=None, per=PER_PAGE)
        return page.showing(self.shown(request.user, account, page.rows))

    def may_see(self, user: Person) -> bool:
        """Whether this person sees such records."""
        return may_see(user, self.model)


def with_acts(user: Person, account: Account, found: list[Any]) -> list[Any]:
    """The rows with what may be done to each."""
    return rows.rows_of(user, found)


def of_table(model: type[Model]) -> Rows:
    """All of the account's records of a table."""
    return lambda account, asked: tables.of(model).rows().filter(account=account)


def sessions(account: Account, asked: QueryDict) -> QuerySet[ClientSession]:
    """Those that hold a seat, or that gave it back, as the address asks."""
    is_over = asked.get("seat") == ENDED
    return tables.of(ClientSession).rows().filter(account=account, ended_at__isnull=not is_over)


def denials(account: Account, asked: QueryDict) -> QuerySet[Denial]:
    """Refused check-outs, those of history too."""
    return Denial.every.filter(account=account).select_related("licence")


def devices(account: Account, asked: QueryDict) -> QuerySet[Device]:
    """Devices, those that were freed too."""
    return tables.of(Device).rows().filter(account=account)


def notes(account: Account, asked: QueryDict) -> QuerySet[LicenceNotes]:
    """What the customer wrote about licences."""
    return LicenceNotes.objects.filter(account=account).select_related("licence")


def entries(account: Account, asked: QueryDict) -> QuerySet[AuditEntry]:
    """The account's record, an import being one act: its page has what it made."""
    return account.audit_entries.wholes().select_related("account")


def as_sentences(user: Person, account: Account, found: list[AuditEntry]) -> list[Any]:
    """The entries in words."""
    return told(found, real_names(account))


@dataclass(frozen=True)
class Refused:
    """A refusal in words: who, where and why; ``url`` leads to the licence, ``story`` to more."""

    record: Denial
    who: str
    where: str
    why: str
    url: str
    story: str


def refused(user: Person, account: Account, found: list[Denial]) -> list[Refused]:
    """The refusals in words."""
    return [
        Refused(
            one,
            people_in_words(one.username),
            machines_in_words(one.machine_name),
            refusal(one.code),
            tables.page_of(one.licence) if one.licence else "",
            address_of(one),
        )
        for one in found
    ]


def invitations(user: Person, account: Account) -> list[rows.Row]:
    """The invitations that nobody accepted or took back."""
    pending = Invitation.objects.pending().filter(account=account).select_related("account")
    return rows.rows_of(user, pending[: rows.MOST_BENEATH])


TABS = (
    Tab(
        name="licences",
        label="Licences",
        model=Licence,
        of=of_table(Licence),
        order=BY_NAME,
        shown=with_acts,
    ),
    Tab(
        name="sessions",
        label="Sessions",
        model=ClientSession,
        of=sessions,
        order=Order((STARTED, By(name="pk", kind=Uuid, is_descending=True))),
        shown=with_acts,
    ),
    Tab(name="keys", label="Keys", model=ProductKey, of=of_table(ProductKey), shown=with_acts),
    Tab(
        name="denials",
        label="Denials",
        model=Denial,
        of=denials,
        order=Order((LATEST, By(name="pk", kind=Id, is_descending=True))),
        shown=refused,
    ),
    Tab(name="devices", label="Devices", model=Device, of=devices, shown=with_acts),
    Tab(
        name="people",
        label="People",
        model=Membership,
        of=of_table(Membership),
        shown=with_acts,
    ),
    Tab(
        name="orders",
        label="Orders",
        model=Licence,
        of=lambda account, asked: orders.of_account(account),
        shown=orders.as_lines,
    ),
    Tab(name="notes", label="Notes", model=LicenceNotes, of=notes),
    Tab(
        name="audit",
        label="Audit",
        model=AuditEntry,
        of=entries,
        order=Order((By(name="number", kind=Id, is_descending=True),)),
        shown=as_sentences,
    ),
)
BY_NAME_OF_TAB = {tab.name: tab for tab in TABS}
