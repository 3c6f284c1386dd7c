"""An account's active sessions as pages list them: searched, filtered, sorted, paged, counted.

All of it happens in the database, for there may be 10,000 and more. One aggregate
query gives every count that a page shows and the ``version`` by which a browser
asks whether anything has changed.
"""

from __future__ import annotations

import hashlib
import uuid
from functools import cached_property, partial, reduce
from operator import and_
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Now
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from licensing.models import Account, ClientSession
from licensing.models.sessions import ClientSessionQuerySet
from portal.lists.asked import AskedList
from portal.lists.columns import PINNED
from portal.lists.cursors import Order
from portal.lists.filters import VersionNumbers, having
from portal.lists.paging import ListPage, page_of
from portal.lists.search_tokens import Search, parse
from portal.sessions.endings import ENDED_OF, ENDINGS, ended_of_late
from portal.sessions.filters import filters_for, of_licence_or_key
from portal.sessions.listed import (
    BY_ID,
    FIRST_ORDER,
    FIRST_SORT,
    FIRST_SORT_OF_ENDED,
    IN_STATE,
    OF_LICENCE,
    SESSIONS,
)
from portal.sessions.narrowings import (
    FINGERPRINT,
    IS_LONG,
    IS_REMOTE,
    NARROWINGS,
    Chip,
    Narrowing,
    fact,
    narrowings_of,
)
from portal.words.aliases import Names
from portal.words.sentences import sessions_of_people


class SessionList(AskedList):
    """What an address asks for of an account's sessions.

    Readers of aliases search licences and keys only: to find somebody by their name is to
    learn their alias.
    """

    listing = SESSIONS

    def __init__(self, account: Account, parameters: QueryDict, names: Names) -> None:
        super().__init__(account, parameters, names)
        self.state = IN_STATE.of(self.parameters)
        self.licence = OF_LICENCE.of(self.parameters)
        chosen = parameters.getlist("chosen")
        self.chosen = [text for text in chosen if is_uuid(text)] if chosen else None

    def search_for(self, text: str) -> Search:
        """The words and tokens that the search box understands from this reader."""
        return parse(text, filters_for(self.names.are_aliases))

    @property
    def shows_ended(self) -> bool:
        """Whether what is over is asked for, instead of what goes on."""
        return self.state == Narrowing.ENDED

    @property
    def sessions(self) -> ClientSessionQuerySet:
        active = ClientSession.objects.of(self.account).active().with_state()
        return active.annotate(numbers=VersionNumbers("version")) if self.search.tokens else active

    @property
    def ended(self) -> ClientSessionQuerySet:
        """Those that ended of late."""
        return self.ever_ended.filter(ended_at__gt=Now() - ENDED_OF)

    @property
    def ever_ended(self) -> ClientSessionQuerySet:
        ended = ClientSession.every.all().of(self.account).ended().with_state()
        return ended.annotate(numbers=VersionNumbers("version"))

    @property
    def as_asked(self) -> dict[str, object]:
        """What the API is asked for the same rows."""
        ended_since = timezone.now() - ENDED_OF if self.shows_ended else None
        return super().as_asked | {"ended_since": ended_since}

    @property
    def tokens(self) -> list[tuple[str, str]]:
        """Each token that was understood, with the address of the view without it."""
        return [
            (token.text, self.query_with(q=self.search.without(token)))
            for token in self.search.tokens
        ]

    @property
    def searched(self) -> Q:
        """What the search box and the licence filter let through."""
        condition = Q(licence=self.licence) if self.licence is not None else Q()
        return condition & self.search.condition & self.having_words

    @property
    def having_words(self) -> Q:
        """That every word is in what this reader may search."""
        beside = partial(of_licence_or_key, self.account)
        if self.names.are_aliases:
            return reduce(and_, map(beside, self.search.words), Q())
        return having(self.search, F("person"), F("machine"), beside=beside)

    @cached_property
    def groups(self) -> list[dict[str, Any]]:
        """The sessions counted by state, length and place: the state of each is found once."""
        grouped = self.sessions.order_by().annotate(
            is_long=fact(IS_LONG), is_remote=fact(IS_REMOTE)
        )
        matching = Count("pk", filter=self.searched) if self.searched else Count("pk")
        rows = (
            grouped.values("state", "is_long", "is_remote")
            .annotate(everyone=Count("pk"), matching=matching, fingerprint=FINGERPRINT)
            .order_by("state", "is_long", "is_remote")
        )
        return [dict(row) for row in rows]

    @cached_property
    def counts(self) -> dict[str, int]:
        """``everyone``, ``all`` that match the search, and each narrowing of those."""
        counts = dict.fromkeys(("everyone", "all", *NARROWINGS), 0)
        for group in self.groups:
            counts["everyone"] += group["everyone"]
            for name in ("all", group["state"], *narrowings_of(group)):
                counts[name] += group["matching"]
        return counts

    @property
    def version(self) -> str:
        """Another one whenever the rows, their states or the counts have changed."""
        facts = [[str(fact) for fact in group.values()] for group in self.groups]
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:20]

    @property
    def chips(self) -> list[Chip]:
        """All and every narrowing, each with its count and the address that shows it."""
        labels = {"": gettext_lazy("All")} | {name: n[0] for name, n in NARROWINGS.items()}
        chips = [
            self.chip(name, label, self.counts[name or "all"]) for name, label in labels.items()
        ]
        ended = self.total if self.shows_ended else None
        return [*chips, self.chip(Narrowing.ENDED, gettext_lazy("Ended, 7 days"), ended)]

    def chip(self, name: str, label: str | Promise, count: int | None) -> Chip:
        """A narrowing and how many it leaves, if that is known."""
        return Chip(name, label, count, self.query_with(state=name), name == (self.state or ""))

    def query_with(self, **changes: str) -> str:
        """This view's query string with some parameters changed, on its first page."""
        return super().query_with(**{PINNED: ""} | changes)

    @property
    def rows(self) -> QuerySet[ClientSession]:
        """All that match, in the order that is asked for."""
        return self.order.on(self.matching)

    @property
    def matching(self) -> ClientSessionQuerySet:
        """All that match."""
        return self.narrowed(self.ended if self.shows_ended else self.sessions)

    def narrowed(self, found: ClientSessionQuerySet) -> ClientSessionQuerySet:
        """Those of the sessions that the search and each filter let through."""
        rows = found.filter(self.searched)
        if self.chosen is not None:
            rows = rows.filter(pk__in=self.chosen)
        if self.state and not self.shows_ended:
            rows = rows.filter(NARROWINGS[self.state][1])
        return rows.select_related("licence").prefetch_related("key")

    @property
    def headline(self) -> str:
        """How many there are, and under a filter how many of them match."""
        if self.shows_ended:
            return ended_of_late(self.total, are_some=bool(self.q) or self.licence is not None)
        everyone = self.counts["everyone"]
        if not everyone:
            return ""
        if not self.is_narrowed:
            return sessions_of_people(everyone, self.account.sessions.active().people())
        return ngettext(
            "%(n)s of %(all)s session matches.", "%(n)s of %(all)s sessions match.", everyone
        ) % {"n": self.total, "all": everyone}

    @cached_property
    def total(self) -> int:
        """How many match on all pages; of those that go on it is known already."""
        if self.shows_ended:
            return self.ended.filter(self.searched).count()
        return self.counts[self.state or "all"]

    @cached_property
    def page(self) -> ListPage[ClientSession]:
        """The rows of the page that is asked for."""
        page = page_of(self.matching, self.order, self.parameters, total=self.total, per=self.per)
        for session in page:
            session.ending = ENDINGS.get(session.end_reason, "")
        return page.showing(self.names.put_on(page))

    @property
    def first_sort(self) -> str:
        """How the list is sorted before anybody asks for another order."""
        return FIRST_SORT_OF_ENDED if self.shows_ended else FIRST_SORT

    @property
    def sort(self) -> str:
        """The sort that is asked for, of those that there are."""
        return SESSIONS.table.sort_in(self.parameters, first=self.first_sort)

    @property
    def is_in_first_order(self) -> bool:
        """Whether held seats come first, which no heading says."""
        return self.sort == FIRST_SORT

    @property
    def order(self) -> Order:
        """The wanted column, then the id, so that pages never overlap."""
        if self.is_in_first_order:
            return FIRST_ORDER
        return Order.by(SESSIONS.table.by(self.sort, self.names), BY_ID)


def is_uuid(text: str) -> bool:
    """Whether the text can be a session's id."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
