"""What home tells of the sizes of an account's pools: first those of which one should change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing.models import Account, Licence
from licensing.usage.working_time import of_account
from portal.usage.advice import MOST_ADVISED, PoolAdvice, advice_for
from portal.usage.asked import last_days

AT_FIRST = 5


class SizeAdvice:
    """The advice for some pools, that of ``/usage/`` before anybody asks for other days.

    ``began``: from when on each was in use.
    """

    def __init__(
        self,
        account: Account,
        pools: Sequence[Licence],
        began: Mapping[int, dt.datetime | None],
    ) -> None:
        self.days, self.pools = last_days(of_account(account)), pools[:MOST_ADVISED]
        self.began = began
        self.left_out = len(pools) - len(self.pools)

    @cached_property
    def told(self) -> list[PoolAdvice]:
        return advice_for(self.pools, self.days, self.began)

    @property
    def to_change(self) -> list[PoolAdvice]:
        """Those that have too few seats, then those that have too many; the furthest off first."""
        return [told for told in self.told if told.difference]

    @property
    def at_first(self) -> list[tuple[PoolAdvice, str]]:
        return with_addresses(self.to_change[:AT_FIRST])

    @property
    def others(self) -> list[tuple[PoolAdvice, str]]:
        return with_addresses(self.to_change[AT_FIRST:])

    @property
    def of_others(self) -> list[str]:
        """Of how many the size is right, and how many have not been in use for long enough."""
        early = sum(told.size is None for told in self.told)
        right = len(self.told) - early - len(self.to_change)
        all_right = right == len(self.told) and not self.left_out
        return [*right_in_words(right, all_right=all_right), *early_in_words(early)]


def with_addresses(told: Sequence[PoolAdvice]) -> list[tuple[PoolAdvice, str]]:
    """Each with the address of its arithmetic."""
    return [
        (one, reverse("portal:usage", query={"licence": one.licence.pk}) + "#sizes") for one in told
    ]


def right_in_words(pools: int, *, all_right: bool) -> list[str]:
    """Of pools whose size is right."""
    if not pools:
        return []
    if all_right:
        return [ngettext("Your pool has the right size.", "Your pools have the right size.", pools)]
    text = ngettext("%(n)s pool has the right size.", "%(n)s pools have the right size.", pools)
    return [text % {"n": pools}]


def early_in_words(pools: int) -> list[str]:
    """Of pools that nobody has used for long enough."""
    if not pools:
        return []
    text = ngettext(
        "%(n)s pool has been in use for less than that.",
        "%(n)s pools have been in use for less than that.",
        pools,
    )
    return [_("We need 4 weeks of use before suggesting a size."), text % {"n": pools}]
