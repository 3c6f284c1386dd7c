"""The search in the bar of every page: an exact number opens its page, words find a few of each.

Who reads aliases finds licences only: to find somebody by their name is to learn
their alias. Each group leads to the list that shows all of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import F, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing import keys
from licensing.denials import SOMEBODY
from licensing.models import Account, ClientSession, Denial, Device, ProductKey
from licensing.models.spelling import Alphabetical
from portal.licences.query import LicenceList
from portal.licences.rows import LicenceRow
from portal.lists.filters import having
from portal.lists.search_tokens import Search
from portal.models import Membership, Role
from portal.people import members
from portal.sessions import told_of
from portal.sessions.active import SessionList, is_uuid
from portal.sessions.narrowings import Narrowing
from portal.usage.denials import DenialList
from portal.words.aliases import Names, names_for
from portal.words.names import user_on_machine
from portal.words.refusals import machines_in_words, people_in_words, refusal

FIRST = 5


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One thing that was found, in words, and its page."""

    name: str
    url: str
    note: str = ""
    state: str = ""
    state_date: dt.date | None = None
    at: dt.datetime | None = None


@dataclass(frozen=True)
class Group:
    """The first of one kind that were found, and the list that shows all of them."""

    title: str | Promise
    icon: str
    hits: list[Hit]
    total: int | str
    url: str
    url_words: str | Promise


def count(hits: list[Hit], found: QuerySet[Any]) -> int:
    """How many there are on all; nobody need be asked while a few of them are all."""
    return found.count() if len(hits) == FIRST else len(hits)


def exact(accounts: QuerySet[Account], text: str) -> str | None:
    """The page of the one serial number or session id that the text is.

    ``accounts`` are the person's; for one of another than theirs the page offers to switch.
    """
    if serial := keys.normalise_serial(text):
        key = ProductKey.objects.filter(serial_number=serial, account__in=accounts).first()
        return reverse("portal:licence", args=[key.licence_id]) if key else None
    if is_uuid(text) and ClientSession.every.filter(pk=text, account__in=accounts).exists():
        return reverse("portal:session", args=[text])
    return None


def groups(membership: Membership, search: Search) -> list[Group]:
    """What the words find of each kind that the person may see; kinds without any are left out."""
    names = names_for(membership)
    finders: list[Callable[[Membership, Search, Names], Group]] = [licences]
    if not names.are_aliases:
        finders += [
            partial(known, told_of.USERS),
            sessions,
            partial(known, told_of.MACHINES),
            devices,
        ]
    if membership.allows(Role.OWNER):
        finders.append(persons)
    if not names.are_aliases:
        finders.append(denials)
    found = [find(membership, search, names) for find in finders] if search else []
    return [group for group in found if group.hits]


def licences(membership: Membership, search: Search, names: Names) -> Group:
    """Licences by all that their list looks through, so that it shows just as many."""
    wanted = QueryDict(mutable=True)
    wanted["q"] = search.text
    found = LicenceList(membership.account, wanted, names).found
    return Group(
        gettext_lazy("Licences"),
        "certificate",
        [licence_hit(row) for row in found[:FIRST]],
        len(found),
        reverse("portal:licences", query={"q": search.text}),
        gettext_lazy("All licences that match"),
    )


def licence_hit(row: LicenceRow) -> Hit:
    """A licence with its product and how full it is."""
    licence = row.licence
    words = {"product": licence.product.name, "in_use": row.in_use, "seats": licence.seats}
    return Hit(
        name=licence.name,
        url=reverse("portal:licence", args=[licence.pk]),
        note=_("%(product)s · %(in_use)s of %(seats)s in use") % words,
        state=row.status,
        state_date=row.status_date,
    )


def sessions(membership: Membership, search: Search, names: Names) -> Group:
    """Sessions by user and machine: open ones, the newest first, then those that ended of late."""
    listed = SessionList(membership.account, QueryDict(), names)
    condition = having(search, F("person"), F("machine"))
    all_opened, all_ended = listed.sessions.filter(condition), listed.ended.filter(condition)
    opened = all_opened.select_related("licence").order_by("-started_at", "pk")[:FIRST]
    ended = all_ended.select_related("licence").order_by("-ended_at", "pk")[: FIRST - len(opened)]
    hits = [session_hit(session) for session in (*opened, *ended)]
    has_more = len(hits) == FIRST
    numbers = {
        "opened": all_opened.count() if has_more else len(opened),
        "ended": all_ended.count() if has_more else len(ended),
    }
    wanted = {"q": search.text} | ({} if opened else {"state": Narrowing.ENDED})
    return Group(
        gettext_lazy("Sessions"),
        "activity",
        hits,
        _("%(opened)s open, %(ended)s ended in 7 days") % numbers,
        reverse("portal:sessions", query=wanted),
        gettext_lazy("All sessions that match"),
    )


def session_hit(session: ClientSession) -> Hit:
    """A session with its licence and state."""
    return Hit(
        name=user_on_machine(session),
        url=reverse("portal:session", args=[session.pk]),
        note=session.licence.name,
        state=session.state,  # type: ignore[attr-defined]
        at=session.ended_at or session.refreshed_at,
    )


def known(kind: told_of.Known, membership: Membership, search: Search, names: Names) -> Group:
    """Those that programs tell of, whoever was heard of last first; each leads to their page."""
    listed, condition = (
        SessionList(membership.account, QueryDict(), names),
        having(search, F(kind.compared)),
    )
    all_opened, all_ended = listed.sessions.filter(condition), listed.ended.filter(condition)
    opened = kind.heard_of(all_opened, most=FIRST)
    told = sorted([*opened, *kind.heard_of(all_ended, most=FIRST)], reverse=True)
    each = {kind.as_one(name): (name, last) for last, name in reversed(told)}
    latest = sorted(each.values(), key=lambda one: one[1], reverse=True)[:FIRST]
    hits = [
        Hit(name=name, url=kind.page_of(name), note=_("Last seen"), at=last)
        for name, last in latest
    ]
    everybody = (found.order_by().values(kind.compared) for found in (all_opened, all_ended))
    wanted = {"q": search.text} | ({} if opened else {"state": Narrowing.ENDED})
    url = reverse("portal:sessions", query=wanted)
    total = count(hits, QuerySet.union(*everybody))
    return Group(kind.title, kind.icon, hits, total, url, kind.all_of_them)


def address_of_user(username: str) -> str:
    """A person's page."""
    return reverse("portal:person", query={"name": username})


def devices(membership: Membership, search: Search, names: Names) -> Group:
    """Devices that single-user seats are bound to, by machine and user."""
    bound = Device.objects.filter(account=membership.account).bound()
    found = bound.filter(search.having("machine_name", "username")).select_related("licence")
    by_name = found.order_by(Alphabetical("machine_name"), "pk")
    hits = [device_hit(device) for device in by_name[:FIRST]]
    return Group(
        gettext_lazy("Devices"),
        "device-desktop",
        hits,
        count(hits, found),
        reverse("portal:licences", query={"q": search.text}),
        gettext_lazy("All licences with such devices"),
    )


def device_hit(device: Device) -> Hit:
    """A device with its user and licence; it leads to the machine's page."""
    return Hit(
        name=device.machine_name,
        url=reverse("portal:machine", query={"name": device.machine_name}),
        note=_("%(user)s · %(licence)s") % {"user": device.username, "licence": device.licence},
    )


def persons(membership: Membership, search: Search, names: Names) -> Group:
    """People who sign in to the account, by name and e-mail address."""
    found = members.found(membership.account, search)
    hits = [person_hit(member) for member in found[:FIRST]]
    return Group(
        gettext_lazy("People"),
        "users",
        hits,
        count(hits, found),
        reverse("portal:people", query={"q": search.text}),
        gettext_lazy("All people that match"),
    )


def person_hit(member: Membership) -> Hit:
    """A person with their role and address."""
    words = {"role": member.get_role_display(), "email": member.user.email}
    return Hit(
        name=str(member.user),
        url=reverse("portal:people", query={"q": member.user.email}),
        note=_("%(role)s · %(email)s") % words,
    )


def denials(membership: Membership, search: Search, names: Names) -> Group:
    """Refusals of the last 30 days by user and machine, the last first."""
    wanted = QueryDict(mutable=True)
    wanted["q"] = search.text
    found = DenialList(membership.account, wanted, names).found.order_by("-last_at", "-pk")
    hits = denial_hits(found.select_related("licence")[:FIRST])
    return Group(
        gettext_lazy("Denials"),
        "ban",
        hits,
        count(hits, found),
        reverse("portal:denials", query={"q": search.text}),
        gettext_lazy("All denials that match"),
    )


def denial_hits(found: Iterable[Denial]) -> list[Hit]:
    """Refusals with their reason and licence; each leads to the person."""
    return [
        Hit(
            name=_("%(user)s on %(machine)s") % refused(denial),
            url=address_of_refused(denial.username),
            note=str(refusal(denial.code)),
            at=denial.last_at,
        )
        for denial in found
    ]


def address_of_refused(username: str) -> str:
    """The page of who was refused; of several people who share a row there is none."""
    if username == SOMEBODY:
        return reverse("portal:denials", query={"q": username})
    return address_of_user(username)


def refused(denial: Denial) -> dict[str, str]:
    """Who was refused where, in words."""
    return {
        "user": people_in_words(denial.username),
        "machine": machines_in_words(denial.machine_name),
    }
