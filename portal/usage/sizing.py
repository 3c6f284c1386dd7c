"""How many seats each of some pools needs, worked out once an hour for all pages that tell it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from django.conf import settings
from django.core.cache import cache

from licensing.models import Licence
from licensing.usage import facts
from licensing.usage.roll_up import first_use
from licensing.usage.sizes import LEAST_USE, Advice, TooEarly, advise, too_early
from licensing.usage.values import HOUR, hour_of
from portal.usage.asked import Range

FURTHEST = dt.timedelta(days=92)
"""How far back holds are replayed, before the range's end."""


class Sizing:
    """What is advised for licences of one account in the days of a range, until the last full hour.

    To replay four weeks of a large account takes a second: so what was found is kept for that hour.
    ``began``: from when on each was in use, where that is known already.
    """

    def __init__(
        self,
        licences: Sequence[Licence],
        days: Range,
        began: Mapping[int, dt.datetime | None] | None = None,
    ) -> None:
        self.licences, self.range, self.began = licences, days, began
        self.until = min(days.until, max(hour_of(days.until), days.since))

    @property
    def since(self) -> dt.datetime:
        """From when on use is looked at: four weeks at least, 92 days at most."""
        asked = max(self.range.since, self.until - FURTHEST)
        return min(asked, self.until - LEAST_USE)

    @cached_property
    def used_since(self) -> dict[int, dt.datetime]:
        """From when on each of those that were used by then was in use."""
        found = self.began or first_use(self.licences)
        return {pk: at for pk, at in found.items() if at and at < self.range.until}

    @cached_property
    def early(self) -> dict[int, TooEarly | None]:
        """Of each of those whether that is too short a time."""
        return {
            pk: too_early(self.since, self.until, used_since=min(at, self.until))
            for pk, at in self.used_since.items()
        }

    @cached_property
    def advice(self) -> dict[int, Advice | TooEarly | None]:
        """The advice by the licence's id; none while nobody has used it."""
        ready = [one for one in self.licences if self.early.get(one.pk, one) is None]
        names = {self.name_of(licence): licence for licence in ready}
        kept = cache.get_many(names)
        new = {name: licence for name, licence in names.items() if name not in kept}
        found = dict(zip(new, self.worked_out(list(new.values())), strict=True))
        if found:
            cache.set_many(found, timeout=HOUR.total_seconds())
        sizes = {names[name].pk: size for name, size in (kept | found).items()}
        return {one.pk: sizes.get(one.pk, self.early.get(one.pk)) for one in self.licences}

    def name_of(self, licence: Licence) -> str:
        """What the advice for a licence is kept by: all that it depends on but late facts."""
        working, first = self.range.working, self.used_since[licence.pk]
        times = (self.since, self.until, first, working.opens, working.closes)
        of = (settings.VERSION, licence.pk, *times, working.zone.key, sorted(working.days))
        return "usage-size:" + ":".join(str(part).replace(" ", "") for part in of)

    def worked_out(self, licences: Sequence[Licence]) -> Iterable[Advice | TooEarly]:
        """The advice for licences that have been used for long enough, from what happened."""
        if not licences:
            return
        wanted = facts.demands(licences, self.since, self.until)
        for one in licences:
            first = self.used_since[one.pk]
            yield advise(
                wanted.pop(one.pk), self.range.working, self.since, self.until, used_since=first
            )
