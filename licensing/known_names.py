"""The user names that an account's programs told of late, and whose they are.

``usernames`` says which names go together; here they are looked for.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Max, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from licensing import usernames
from licensing.identity import as_compared
from licensing.models import Account, ClientSession, Denial, Device
from licensing.models.denials import PERSON
from licensing.models.sessions import ClientSessionQuerySet, Like

OF_LATE = dt.timedelta(days=90)
"""Names that nobody used for longer are looked for no more; their sessions are by their names."""
LONG_AGO = dt.timedelta(days=100 * 366)
"""Longer than anything is kept."""
MOST = 50
"""How many names of one user are looked at."""


@dataclass
class KnownName:
    """A name as it was written last, the sessions by it that hold a seat, and the devices."""

    username: str
    open: int = 0
    devices: list[Device] = field(default_factory=list)
    last_at: dt.datetime | None = None

    @property
    def person(self) -> str:
        """The name as compared."""
        return as_compared(self.username)


@dataclass(frozen=True)
class Namesakes:
    """The names that programs told of one user: of the person who was asked for, and of others."""

    theirs: list[KnownName]
    others: list[KnownName]

    @property
    def people(self) -> list[str]:
        """The person's names as compared."""
        return [name.person for name in self.theirs]

    def __iter__(self) -> Any:
        return iter([*self.theirs, *self.others])


def like_one_of(name: Combinable, patterns: Iterable[str]) -> Q:
    """That a name as compared is like one of the patterns."""
    condition = Q()
    for pattern in patterns:
        condition |= Q(Like(name, Value(pattern)))
    return condition


def namesakes(account: Account, name: str, *, ever: bool = False) -> Namesakes:
    """Every name of late of the user who is named, however it was written; ``ever``, of all that
    is kept.

    The person's own come first, the last used first.
    """
    known = found(account, name, ever=ever)
    theirs, others = usernames.split(name, known)
    return Namesakes(by_last_use(known, theirs), by_last_use(known, others))


def by_last_use(known: dict[str, KnownName], people: list[str]) -> list[KnownName]:
    """Of the known names those of the people, those used last first."""
    names = [known[person] for person in people]
    return sorted(names, key=lambda name: (-(name.last_at or EVER).timestamp(), name.person))


EVER = dt.datetime.fromtimestamp(0, dt.UTC)


def found(account: Account, name: str, *, ever: bool = False) -> dict[str, KnownName]:
    """The names by their compared form, as sessions, devices and refusals tell them."""
    known: dict[str, KnownName] = {}
    patterns = usernames.forms_alike(name)
    for person, username, last_at, is_open in told(account, patterns, ever=ever):
        one = known.setdefault(person, KnownName(username))
        one.open += is_open
        one.last_at = max(one.last_at or EVER, last_at)
    for person, devices in devices_of(account, name, ever=ever).items():
        known.setdefault(person, KnownName(devices[0].username)).devices = devices
    return known


def told(
    account: Account, patterns: list[str], *, ever: bool = False
) -> list[tuple[str, str, dt.datetime, int]]:
    """Each name as compared and as written, when it was heard of last, and its open sessions."""
    since = LONG_AGO if ever else OF_LATE
    every = ClientSession.every.filter(account=account, ended_at__gt=Now() - since)
    refused = Denial.every.filter(account=account, last_at__gt=Now() - since)
    named = like_one_of(PERSON, patterns)
    of_refused = refused.filter(named).order_by().values(person_name=PERSON)[:MOST]
    return [
        *names_of(account.sessions.active(), patterns, is_open=True),
        *names_of(every, patterns, is_open=False),
        *of_refused.values_list("person_name", Max("username"), Max("last_at"), Value(0)),
    ]


def names_of(
    sessions: ClientSessionQuerySet, patterns: list[str], *, is_open: bool
) -> list[tuple[str, str, dt.datetime, int]]:
    """The same of these sessions."""
    named = sessions.filter(like_one_of(F("person"), patterns)).order_by()
    counted = Count("pk") if is_open else Value(0)
    told = named.values("person").annotate(last=Max("refreshed_at"), number=counted)
    return list(told.values_list("person", Max("username"), "last", "number")[:MOST])


def devices_of(account: Account, name: str, *, ever: bool = False) -> dict[str, list[Device]]:
    """The bound devices that the user used last, by the user's name as compared; ``ever``, also
    those that are bound no more.
    """
    user = usernames.read(name).user
    devices = Device.objects.all() if ever else Device.objects.bound()
    found = defaultdict(list)
    for device in devices.filter(licence__account=account).select_related("licence").order_by("pk"):
        if usernames.read(device.username).user == user:
            found[as_compared(device.username)].append(device)
    return found
