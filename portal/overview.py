"""How an account's licences stand now: the figures of its home page."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from licensing.models import Account, AuditEntry
from licensing.models.sessions import SessionState
from portal.licence_list import LicenceRow, is_pool, licences_of

WEEK = dt.timedelta(days=7)
MOST_POOLS = 8
MOST_EVENTS = 10


class Overview:
    """How an account's licences stand now. Each part is asked for once."""

    def __init__(self, account: Account) -> None:
        self.account = account

    @cached_property
    def licences(self) -> list[LicenceRow]:
        return licences_of(self.account)

    @cached_property
    def pools(self) -> list[LicenceRow]:
        """The pools that can be used, closest to full first."""
        pools = [row for row in self.licences if is_pool(row) and row.is_usable]
        return sorted(pools, key=lambda row: (-row.fullness, -row.in_use, row.licence.name))

    @property
    def fullest_pools(self) -> list[LicenceRow]:
        """The first of the pools, each with its denials of the last 7 days."""
        pools = self.pools[:MOST_POOLS]
        for row in pools:
            of_pool = [kind for kind in self.denials_by_kind if kind["licence"] == row.licence.pk]
            row.denials = sum(kind["denials"] for kind in of_pool)
        return pools

    @property
    def pool_seats(self) -> int:
        return sum(row.licence.seats for row in self.pools)

    @property
    def pool_seats_in_use(self) -> int:
        return sum(row.in_use for row in self.pools)

    @cached_property
    def session_counts(self) -> dict[str, int]:
        """How many sessions are in each state."""
        sessions = self.account.sessions.active().with_state()
        return dict(sessions.order_by().values_list("state").annotate(Count("pk")))

    @property
    def sessions(self) -> int:
        return sum(self.session_counts.values())

    @property
    def offline(self) -> int:
        return self.session_counts.get(SessionState.OFFLINE, 0)

    @property
    def held(self) -> int:
        return self.session_counts.get(SessionState.HELD, 0)

    @cached_property
    def denials_by_kind(self) -> list[dict[str, Any]]:
        """The true ones of the last 7 days per licence and code: how many, of how many people."""
        recent = self.account.denials.true().filter(last_at__gt=Now() - WEEK).order_by()
        counts = {"denials": Count("pk"), "people": Count("identity", distinct=True)}
        return list(recent.values("licence", "licence__name", "code").annotate(**counts))

    @property
    def denials(self) -> int:
        return sum(kind["denials"] for kind in self.denials_by_kind)

    @cached_property
    def denials_before(self) -> int:
        """How many there were in the 7 days before those."""
        before = (Now() - 2 * WEEK, Now() - WEEK)
        true = self.account.denials.true()
        return true.filter(last_at__gt=before[0], last_at__lte=before[1]).count()

    @property
    def denials_trend(self) -> str:
        """Against the week before, in words."""
        more = self.denials - self.denials_before
        if more > 0:
            return _("%(n)s more than the week before") % {"n": more}
        if more < 0:
            return _("%(n)s fewer than the week before") % {"n": -more}
        return _("As in the week before")

    @cached_property
    def next_to_end(self) -> LicenceRow | None:
        """The running licence that ends first."""
        running = [row for row in self.licences if row.licence.ends_on and row.is_usable]
        return min(running, key=lambda row: row.licence.ends_on, default=None)  # type: ignore[arg-type,return-value]

    @cached_property
    def events(self) -> list[AuditEntry]:
        """The last changes that people made."""
        return list(self.account.audit_entries.all()[:MOST_EVENTS])
