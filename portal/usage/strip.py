"""A day opened: who held a seat from when to when, as a strip and as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, groupby
from typing import NamedTuple

from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing import clock
from licensing.models import Licence
from licensing.usage import holds
from licensing.usage.holds import Held
from licensing.usage.values import QUARTER
from portal.usage.asked import starts
from portal.usage.charts import Row, Strip
from portal.usage.figures import Figures
from portal.words.aliases import Names
from portal.words.times import time_in_words

MOST = 60
"""How many sessions are drawn; the file has all."""
PARTS = 4
"""Of how many parts the drawing tells the times."""


class HeldThen(NamedTuple):
    """A seat that somebody held; ``end`` is None while they do."""

    licence: Licence
    held: Held

    @property
    def minutes(self) -> float | None:
        """For how long; None while it lasts."""
        if self.held.end is None:
            return None
        return round((self.held.end - self.held.start).total_seconds() / 60, 1)


@dataclass(frozen=True)
class Stay:
    """A session with the times in which it held a seat, in order."""

    licence: Licence
    times: Sequence[Held]

    @property
    def who(self) -> Held:
        return self.times[-1]


def pool_of(stay: Stay) -> Licence:
    """The licence whose seat it held."""
    return stay.licence


def heading(licence: Licence) -> Row:
    """What stands above the sessions of a licence."""
    return Row(licence.name, times=(), cells=(), says=licence.name, is_heading=True)


class OpenDay:
    """The sessions of a range that is one day, as one reader sees them."""

    def __init__(self, figures: Figures, names: Names) -> None:
        self.figures, self.names, self.now = figures, names, clock.database_time()

    @cached_property
    def quarters(self) -> list[dt.datetime]:
        """The quarters of an hour that count and have begun: those that bars are drawn of."""
        days = self.figures.range
        return [start for start in starts(days.since, days.until) if self.figures.counts(start)]

    @property
    def since(self) -> dt.datetime:
        return self.quarters[0]

    @property
    def until(self) -> dt.datetime:
        return self.quarters[-1] + QUARTER

    @cached_property
    def held(self) -> list[HeldThen]:
        """Every seat that was held then, of each licence in the order in which that began."""
        if not self.quarters:
            return []
        licences = {licence.pk: licence for licence in self.figures.licences}
        found = holds.of_licences(licences.values(), self.since, self.until)
        by_licence = {licence: list(held) for licence, held in found}
        return [
            HeldThen(licence, held)
            for pk, licence in licences.items()
            for held in by_licence.get(pk, ())
        ]

    @cached_property
    def stays(self) -> list[Stay]:
        """Every session, of each licence in the order in which they began."""
        by_session: dict[object, list[HeldThen]] = {}
        for one in self.held:
            by_session.setdefault((one.licence.pk, one.held.session), []).append(one)
        return [Stay(ones[0].licence, [one.held for one in ones]) for ones in by_session.values()]

    @cached_property
    def shown(self) -> list[Stay]:
        """Those that are drawn: the longest, where there is no room for all."""
        longest = sorted(range(len(self.stays)), key=lambda number: -self.length(number))[:MOST]
        return [self.stays[number] for number in sorted(longest)]

    @property
    def left_out(self) -> int:
        return len(self.stays) - len(self.shown)

    def length(self, number: int) -> dt.timedelta:
        """For how long a session held a seat then."""
        clipped = map(self.clipped, self.stays[number].times)
        return sum((end - start for start, end in clipped), dt.timedelta())

    def clipped(self, held: Held) -> tuple[dt.datetime, dt.datetime]:
        """What of a hold lies on the day."""
        return max(held.start, self.since), min(held.end or self.now, self.until)

    @property
    def strip(self) -> Strip:
        """The drawing of it."""
        whole = self.until - self.since
        ends = [self.time(self.since + whole * part / PARTS) for part in range(PARTS + 1)]
        columns = [_("User"), _("Machine"), _("Licence"), _("Seat held")]
        return Strip("sessions", self.finding, self.rows, columns, ends)

    @property
    def rows(self) -> list[Row]:
        """The sessions; of several pools those of each below its name."""
        of_pools = [(pool, list(stays)) for pool, stays in groupby(self.shown, key=pool_of)]
        rows = [[heading(pool), *map(self.row, stays)] for pool, stays in of_pools]
        return list(chain.from_iterable(rows if len(rows) > 1 else (row[1:] for row in rows)))

    @property
    def finding(self) -> str:
        """Such as "27 sessions of 14 people held a seat"."""
        sessions = ngettext("%(n)s session", "%(n)s sessions", len(self.stays))
        people = len({one.held.person for one in self.held})
        return _("%(sessions)s of %(people)s held a seat") % {
            "sessions": sessions % {"n": len(self.stays)},
            "people": ngettext("%(n)s person", "%(n)s people", people) % {"n": people},
        }

    def row(self, stay: Stay) -> Row:
        """A session."""
        user, machine = (
            self.names.person(stay.who.username),
            self.names.machine(stay.who.machine_name),
        )
        when = ", ".join(map(self.times, stay.times))
        words = {"user": user, "machine": machine, "licence": stay.licence.name, "when": when}
        return Row(
            label=user,
            times=[self.shares(held) for held in stay.times],
            cells=[self.leading_to(stay.who.machine_name, machine), stay.licence.name, when],
            says=_("%(user)s on %(machine)s: %(when)s, %(licence)s") % words,
            url=reverse("portal:session", args=[stay.who.session]),
            who_url=self.address_of(stay.who.username),
        )

    def address_of(self, username: str) -> str:
        """The page of whoever held the seat; none for readers of aliases."""
        if self.names.are_aliases:
            return ""
        return reverse("portal:person", query={"name": username})

    def leading_to(self, machine_name: str, shown: str) -> str:
        """The machine, as a link to its page; without one for readers of aliases."""
        if self.names.are_aliases:
            return shown
        url = reverse("portal:machine", query={"name": machine_name})
        return format_html('<a href="{}">{}</a>', url, shown)

    def shares(self, held: Held) -> tuple[float, float]:
        """Where a hold lies on the day, from 0 to 1."""
        whole = self.until - self.since
        start, end = ((moment - self.since) / whole for moment in self.clipped(held))
        return start, max(start, end)

    def times(self, held: Held) -> str:
        """Such as "08:02 to 16:40"."""
        start, end = self.moment(held.start), held.end and self.moment(held.end)
        if end is None:
            return _("from %(start)s, still held") % {"start": start}
        return _("%(start)s to %(end)s") % {"start": start, "end": end}

    def moment(self, moment: dt.datetime) -> str:
        """A time of the day; one of another day with its date."""
        if self.since <= moment <= self.until:
            return self.time(moment)
        return formats.date_format(moment.astimezone(self.figures.zone), "MOMENT_FORMAT")

    def time(self, moment: dt.datetime) -> str:
        """What the account's clocks show then."""
        return time_in_words(moment.astimezone(self.figures.zone))
