"""Demand: who held a seat, and who waited for one in vain.

A person who waits for a seat asks for it from the first refusal until the same person gets
one there, at most ten minutes after the last try.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from licensing.models.denials import TRANSIENT, DenialClass
from licensing.usage.values import Denial, Hold

type Who = tuple[str, str]
"""A person on a machine."""

GOES_ON = (DenialClass.REPEAT, DenialClass.TRANSIENT)
"""What the tries of somebody who has been refused are, as long as they go on."""


class Want(NamedTuple):
    """The time in which somebody held a seat or wanted one.

    ``again`` is when they tried after they had been refused first, in order.
    """

    start: dt.datetime
    end: dt.datetime
    who: Who
    again: tuple[dt.datetime, ...] = ()


@dataclass(slots=True)
class Wait:
    """A true denial and the tries that followed it, as one."""

    tries: list[dt.datetime]
    served: dt.datetime | None

    def goes_on_with(self, denial: Denial) -> bool:
        """Whether a later refusal is the same person trying on."""
        return denial.kind in GOES_ON and denial.first < self.tries[-1] + TRANSIENT

    def go_on_with(self, denial: Denial) -> None:
        """Add the tries of a later refusal."""
        self.tries += [denial.first, denial.last]
        self.served = self.served or denial.served

    @property
    def end(self) -> dt.datetime:
        given_up = self.tries[-1] + TRANSIENT
        return min(given_up, self.served) if self.served else given_up


def demand(holds: Iterable[Hold], denials: Iterable[Denial]) -> list[Want]:
    """Holds and waits in the order of their starts; at one moment whoever got a seat first."""
    wants = [Want(hold.start, hold.end, (hold.person, hold.machine)) for hold in holds]
    wants += waits(denials)
    return sorted(wants, key=lambda want: want.start)


def waits(denials: Iterable[Denial]) -> Iterator[Want]:
    """Who waited in vain, from denials in the order of their first tries."""
    latest: dict[Who, Wait] = {}
    found: list[tuple[Who, Wait]] = []
    for denial in denials:
        who = (denial.person, denial.machine)
        waiting = latest.get(who)
        if waiting and waiting.goes_on_with(denial):
            waiting.go_on_with(denial)
        elif denial.kind == DenialClass.TRUE:
            latest[who] = Wait([denial.first, denial.last], denial.served)
            found.append((who, latest[who]))
    for who, wait in found:
        yield Want(wait.tries[0], wait.end, who, tuple(wait.tries[1:]))
