"""How an account's licences stand now: the figures of its home page."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import cached_property

from django.db.models import Count
from django.utils.translation import gettext as _

from licensing.denials import NONE, Counts, count_true
from licensing.models import Account, AuditEntry, ClientSession, Denial, ProductKey
from licensing.models.sessions import SessionState
from licensing.names import alphabetical
from licensing.sightings import used_widely
from licensing.usage.roll_up import first_use
from portal.home.sizes import SizeAdvice
from portal.licences.rows import LicenceRow, is_pool, licences_of
from portal.lists import periods
from portal.usage.charts import Chart
from portal.usage.days import last_day_chart, peaks_chart, url_of
from portal.usage.peaks import Peaks
from portal.words.sentences import sessions_of_people

SOON = 90
"""Days."""
AWAY = (SessionState.OFFLINE, SessionState.HELD)
MOST_POOLS = 8
MOST_ENDING = 8
MOST_EVENTS = 10
DAYS_OF_PEAKS = 60


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
        pools.sort(key=lambda row: alphabetical(row.licence.name))
        return sorted(pools, key=lambda row: (-row.fullness, -row.in_use))

    @property
    def fullest_pools(self) -> list[LicenceRow]:
        """The first of the pools, each with its daily peaks, recent denials and who is away."""
        pools = self.pools[:MOST_POOLS]
        for row in pools:
            days = self.peaks.days_of(row.licence)
            row.use = peaks_chart(f"peaks-{row.licence.pk}", row.licence, days)
            row.denials = self.denials_of(row).week
            row.away = sum(self.states[row.licence.pk].get(state, 0) for state in AWAY)
        return pools

    @cached_property
    def peaks(self) -> Peaks:
        """How many seats of the pools were in use at once, of the first ones day by day."""
        licences = [row.licence for row in self.pools]
        told = licences[:MOST_POOLS]
        return Peaks(self.account, licences, days=DAYS_OF_PEAKS, told=told, began=self.began)

    @cached_property
    def began(self) -> dict[int, dt.datetime | None]:
        """From when on each of the pools was in use."""
        return first_use([row.licence for row in self.pools])

    @property
    def last_day(self) -> Chart:
        """How many were in use over the last 24 hours."""
        return last_day_chart("last-day", self.peaks.last_day)

    @property
    def today_url(self) -> str:
        """The address of their use today."""
        licences = (row.licence for row in self.pools)
        today = self.peaks.today
        return f"{url_of(licences)}&from={today}&until={today}#peaks"

    @cached_property
    def sizes(self) -> SizeAdvice:
        """How many seats they need."""
        return SizeAdvice(self.account, [row.licence for row in self.pools], self.began)

    @property
    def ending(self) -> list[LicenceRow]:
        """The running licences that end within 90 days, the first to end first."""
        return [row for row in self.running if row.ends_within(SOON)][:MOST_ENDING]

    @property
    def pool_seats(self) -> int:
        return sum(row.licence.seats for row in self.pools)

    @property
    def pool_seats_in_use(self) -> int:
        return sum(row.in_use for row in self.pools)

    @cached_property
    def states(self) -> dict[int, dict[str, int]]:
        """How many sessions of each licence are in each state."""
        sessions = ClientSession.objects.of(self.account).active().with_state().order_by()
        counted: dict[int, dict[str, int]] = defaultdict(dict)
        groups = sessions.values_list("licence", "state")  # type: ignore[misc] # annotated
        for licence, state, n in groups.annotate(Count("pk")):
            counted[licence][state] = n
        return counted

    @property
    def sessions(self) -> int:
        return sum(sum(states.values()) for states in self.states.values())

    @cached_property
    def people(self) -> int:
        """How many people have those: some have more than one."""
        return self.account.sessions.active().people()

    @property
    def in_use_now(self) -> str:
        return sessions_of_people(self.sessions, self.people)

    @property
    def offline(self) -> int:
        return sum(states.get(SessionState.OFFLINE, 0) for states in self.states.values())

    @property
    def held(self) -> int:
        return sum(states.get(SessionState.HELD, 0) for states in self.states.values())

    @cached_property
    def true_denials(self) -> dict[int, Counts]:
        """The true denials of each licence that had any."""
        return count_true(Denial.every.filter(account=self.account), since=periods.since())

    def denials_of(self, row: LicenceRow) -> Counts:
        """The true denials of a licence."""
        return self.true_denials.get(row.licence.pk, NONE)

    @cached_property
    def all_denials(self) -> Counts:
        return sum(self.true_denials.values(), NONE)

    @property
    def denials(self) -> int:
        """How many there were in 7 days."""
        return self.all_denials.week

    @property
    def denials_before(self) -> int:
        """How many there were in the 7 days before those."""
        return self.all_denials.week_before

    @cached_property
    def keys_used_widely(self) -> list[tuple[ProductKey, int]]:
        """Keys with unusually many new machines this week, and how many."""
        return used_widely(self.account)

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
    def running(self) -> list[LicenceRow]:
        """The usable licences that will end, the first to end first."""
        rows = [row for row in self.licences if row.licence.ends_on and row.is_usable]
        return sorted(rows, key=lambda row: row.licence.ends_on)  # type: ignore[arg-type,return-value]

    @property
    def next_to_end(self) -> LicenceRow | None:
        """The running licence that ends first."""
        return self.running[0] if self.running else None

    @cached_property
    def events(self) -> list[AuditEntry]:
        """The last changes that people made."""
        return list(self.account.audit_entries.wholes()[:MOST_EVENTS])
