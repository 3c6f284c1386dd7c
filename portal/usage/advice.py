"""How many seats a pool needs, and what another number of them would have done."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing.models import Licence
from licensing.numbers import number_in
from licensing.usage import reading
from licensing.usage.sizes import Advice, TooEarly, WhatIf
from licensing.usage.words import in_words
from portal.usage.asked import Range
from portal.usage.figures import Figures
from portal.usage.sizing import FURTHEST, Sizing

MOST_ADVISED = 40
"""Of how many pools at once."""
MOST_SEATS = 100_000


@dataclass(frozen=True)
class PoolAdvice:
    """The advice for one pool."""

    licence: Licence
    advice: Advice | TooEarly | None

    @property
    def size(self) -> Advice | None:
        """The size that is suggested, if there has been enough use."""
        return self.advice if isinstance(self.advice, Advice) else None

    @property
    def days_to_go(self) -> int | None:
        return self.advice.days_to_go if isinstance(self.advice, TooEarly) else None

    @property
    def difference(self) -> int:
        """How many seats more than the suggestion there are; negative: fewer."""
        return self.licence.seats - self.size.seats if self.size else 0

    @property
    def rank(self) -> tuple[int, int]:
        """Its place: too few seats, too many, just right, none advised; furthest off first."""
        kinds = (self.difference < 0, self.difference > 0, self.size is not None, True)
        return kinds.index(True), -abs(self.difference)

    @property
    def covered(self) -> float:
        """The share of working time, in percent, rounded down: 100 is all of it."""
        return math.floor(self.size.covered * 1000) / 10 if self.size else 0.0

    @property
    def sentences(self) -> list[str]:
        """The advice in words."""
        return sentences(self)


def advice_for(
    licences: Sequence[Licence], days: Range, began: Mapping[int, dt.datetime | None] | None = None
) -> list[PoolAdvice]:
    """The advice for each of these licences of one account, see ``PoolAdvice.rank``.

    There is none for those that nobody can use now. ``began`` is as in ``Sizing``.
    """
    found = Sizing([one for one in licences if one.is_usable], days, began).advice
    told = (PoolAdvice(licence, found.get(licence.pk)) for licence in licences)
    return sorted(told, key=lambda one: one.rank)


class Sizes:
    """What is told about the size of the pools that figures are of, in the days of their range."""

    def __init__(self, figures: Figures, parameters: QueryDict) -> None:
        self.licences, self.range, self.parameters = figures.licences, figures.range, parameters
        self.figures = figures

    @property
    def advised_since(self) -> dt.datetime:
        """From when on use is looked at."""
        return Sizing(self.advised, self.range).since

    @property
    def asked_since(self) -> dt.datetime:
        return max(self.range.since, self.range.until - FURTHEST)

    @cached_property
    def pools(self) -> list[PoolAdvice]:
        """The advice for each of the pools, as far as they are looked at; see ``advice_for``."""
        return advice_for(self.advised, self.range, self.figures.began)

    @property
    def advised(self) -> Sequence[Licence]:
        """Those that are looked at."""
        return self.licences[:MOST_ADVISED]

    @property
    def left_out(self) -> int:
        """For how many pools there is no room."""
        return max(len(self.licences) - MOST_ADVISED, 0)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form that asks for seats passes on of the address."""
        of_form = ("seats", "pool")
        each = self.parameters.lists()
        return [(name, text) for name, texts in each if name not in of_form for text in texts]

    @property
    def seats_asked(self) -> str:
        """How many seats are asked for, as it was written."""
        return self.parameters.get("seats", "").strip()

    @cached_property
    def seats(self) -> int | None:
        """How many seats are asked for, if one can have so many."""
        number = number_in(self.seats_asked)
        return number if number is not None and 1 <= number <= MOST_SEATS else None

    @property
    def problem(self) -> str:
        """What is wrong with the number, in words; "" if nothing is."""
        if not self.seats_asked:
            return ""
        if self.pool is None:
            return _("That licence is not among those that are chosen. Choose one of these.")
        if self.seats is not None:
            return ""
        return _("Give a number of seats from 1 to %(most)s.") % {
            "most": number_format(MOST_SEATS, force_grouping=True)
        }

    @property
    def pool(self) -> Licence | None:
        """The pool that is asked about, if it is chosen; the first, when none is named."""
        named = self.parameters.get("pool", "")
        asked = (one for one in self.licences if not named or one.pk == number_in(named))
        return next(asked, None)

    @property
    def answer(self) -> str:
        """Whom so many seats would have refused, in words; "" if nobody asked."""
        return in_words(self.what_if[0]) if self.what_if else ""

    @property
    def as_it_is(self) -> str:
        """The same of as many seats as there are now; "" if it was asked for those."""
        return "".join(map(in_words, self.what_if[1:]))

    @cached_property
    def what_if(self) -> list[WhatIf]:
        """Whom so many seats would have refused, then whom those that there are now would have."""
        if self.seats is None or self.pool is None:
            return []
        sizes = dict.fromkeys((self.seats, self.pool.seats))
        return reading.with_seats(self.pool, sizes, self.asked_since, self.range.until)


def sentences(told: PoolAdvice) -> list[str]:
    """The advice for a pool in words."""
    if told.size:
        return [covered(told), verdict(told), shortage(told.size)]
    if not told.licence.is_usable:
        return [_("Nobody can use it now, so no size is suggested.")]
    if told.days_to_go is None:
        return [_("Nobody has used it yet.")]
    to_go = ngettext("%(n)s day to go.", "%(n)s days to go.", told.days_to_go)
    return [
        _("We need 4 weeks of use before suggesting a size."),
        to_go % {"n": told.days_to_go},
    ]


def covered(told: PoolAdvice) -> str:
    """Such as "12 seats would have covered 99.6 % of working time; you have 15."."""
    assert told.size
    text = ngettext(
        "%(n)s seat would have covered %(share)s %% of working time; you have %(seats)s.",
        "%(n)s seats would have covered %(share)s %% of working time; you have %(seats)s.",
        told.size.seats,
    )
    share = number_format(told.covered, 1)
    return text % {"n": told.size.seats, "share": share, "seats": told.licence.seats}


def verdict(told: PoolAdvice) -> str:
    """Whether that is more or fewer than there are."""
    if told.difference > 0:
        return _("You could do with %(n)s fewer.") % {"n": told.difference}
    if told.difference < 0:
        return _("We suggest %(n)s more.") % {"n": -told.difference}
    return _("That is the right size.")


def shortage(size: Advice) -> str:
    """On how many days that would have been too few, and who would have been refused."""
    if not size.days_short:
        return _("More were never needed.")
    text = ngettext(
        "More were needed on %(n)s day: %(most)s at most.",
        "More were needed on %(n)s days: %(most)s at most.",
        size.days_short,
    )
    return text % {"n": size.days_short, "most": size.most}
