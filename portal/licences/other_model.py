"""Who would be served better by the other model: a seat in a pool, or a licence of one's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing.models import Licence
from licensing.models.licences import UsageModel
from licensing.usage import habits
from licensing.usage.habits import Holder
from licensing.usage.sizes import LEAST_USE
from licensing.usage.values import HOUR
from licensing.usage.working_time import DAY, WorkingTime
from portal.licences.rows import UNUSED_LONG, LicenceRow, single_user_rows
from portal.usage.people import LEAST_DAYS, is_occasional
from portal.words.aliases import Names

MOST = 10
"""How many are told at once."""


@dataclass(frozen=True)
class Advice:
    """One licence, and why the other model would serve its people better."""

    licence: Licence
    sentence: str


class OtherModel:
    """What is told of these licences of one account, to this reader of names."""

    def __init__(self, licences: Sequence[Licence], working: WorkingTime, names: Names) -> None:
        self.licences, self.working, self.names = licences, working, names
        self.now = timezone.now()

    @cached_property
    def advice(self) -> list[Advice]:
        """All of it: who could do with less first."""
        return [*self.unused(), *self.seldom_used(), *self.always_held()]

    @property
    def told(self) -> list[Advice]:
        """What there is room for."""
        return self.advice[:MOST]

    @property
    def left_out(self) -> int:
        return len(self.advice) - len(self.told)

    @cached_property
    def pools(self) -> dict[int, Licence]:
        """Those that are shared, by their ids."""
        shared = (one for one in self.licences if one.usage_model == UsageModel.CONCURRENT)
        return {licence.pk: licence for licence in shared}

    @cached_property
    def single(self) -> list[LicenceRow]:
        """The others that can be used."""
        wanted = {licence.pk for licence in self.licences} - self.pools.keys()
        if not wanted:
            return []
        rows = single_user_rows(self.names.account)
        return [row for row in rows if row.licence.pk in wanted and row.is_usable]

    def unused(self) -> Iterator[Advice]:
        """Single-user licences that nobody has opened for long."""
        for row in self.single:
            if row.is_unused_for(UNUSED_LONG):
                yield Advice(row.licence, not_opened((self.now - row.idle_since).days))

    def seldom_used(self) -> Iterator[Advice]:
        """Single-user licences that are opened on three days a month or fewer."""
        rows = [row for row in self.single if not row.is_unused_for(UNUSED_LONG)]
        since = self.now - DAY * UNUSED_LONG
        licences, zone = [row.licence for row in rows], self.working.zone
        used = habits.days_used(licences, since, self.now, zone=zone) if rows else {}
        for licence in licences:
            of = min((self.now - licence.created_at).days, UNUSED_LONG)
            days = used.get(licence.pk, 0)
            if of >= LEAST_DAYS and is_occasional(days, of):
                yield Advice(licence, used_on(days, of))

    def always_held(self) -> Iterator[Advice]:
        """Who holds a seat of a pool all day, every day."""
        if not self.pools:
            return
        since = self.now - LEAST_USE
        spans = self.working.spans(since, self.now)
        of = sum((span.end - span.start for span in spans), dt.timedelta())
        for holder in habits.holders(self.pools.values(), self.working, since, self.now):
            told = held_for(self.names.person(holder.username), holder, of)
            yield Advice(self.pools[holder.licence], told)


def not_opened(days: int) -> str:
    """Of a licence of one's own that nobody opens."""
    return _(
        "Nobody has opened it for %(days)s days: whoever needs it now and then could take a seat "
        "in a pool."
    ) % {"days": days}


def used_on(days: int, of: int) -> str:
    """Of one that is opened now and then."""
    return ngettext(
        "It was used on %(days)s day of the last %(of)s, which is 3 a month or fewer: a seat in a "
        "pool would do.",
        "It was used on %(days)s days of the last %(of)s, which is 3 a month or fewer: a seat in "
        "a pool would do.",
        days,
    ) % {"days": days, "of": of}


def held_for(person: str, holder: Holder, of: dt.timedelta) -> str:
    """Of somebody who shares a seat with nobody."""
    return _(
        "%(person)s held a seat for %(held)s of the %(of)s working hours of the last 4 weeks "
        "(%(share)s %%): a single-user licence would leave that seat to others."
    ) % {
        "person": person,
        "held": number_format(round(holder.held / HOUR)),
        "of": number_format(round(of / HOUR)),
        "share": number_format(int(holder.held / of * 100)),
    }
