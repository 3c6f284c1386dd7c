"""Days: what people do with their programs from morning to evening, and what goes wrong.

Each day of each person has its own random generator, counted back from the last
day, so that the last days are the same on whatever date they are lived.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import heapq
import itertools
import random
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from support.demo.desktops.moments import Act, Moment

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
MONTH_END = dt.timedelta(days=4)


class Morning(NamedTuple):
    """When a working day begins, and how many working days come after it."""

    at: float
    days_to_come: int

    @property
    def is_at_month_end(self) -> bool:
        """Whether the month has ended four days later."""
        today = dt.datetime.fromtimestamp(self.at, dt.UTC)
        return (today + MONTH_END).month != today.month


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How somebody works. Hours count from the beginning of the working day.

    ``at_month_end`` is the attendance of the last days of each month, where it differs.
    """

    attendance: float = 0.75
    at_month_end: float | None = None
    arrives: float = 0.8
    leaves: float = 9.0
    lunches_closed: float = 0.2
    has_mishaps: bool = True

    def attendance_on(self, morning: Morning) -> float:
        """How likely somebody is there that day."""
        is_usual = self.at_month_end is None or not morning.is_at_month_end
        return self.attendance if is_usual else self.at_month_end or 0.0


Fate = Callable[[random.Random, float, float], list[Moment]]
"""What becomes of a program that was open from one time to another."""


def closes(rng: random.Random, start: float, end: float) -> list[Moment]:
    """The user closes the program in the evening."""
    return [Moment(end, Act.CLOSE)]


def crashes(rng: random.Random, start: float, end: float) -> list[Moment]:
    """The program crashes and is soon started again."""
    crash = rng.uniform(start, end)
    again = crash + rng.uniform(1, 10) * MINUTE
    return [Moment(crash, Act.CRASH), Moment(again, Act.OPEN), Moment(max(again, end), Act.CLOSE)]


def crashes_for_good(rng: random.Random, start: float, end: float) -> list[Moment]:
    """The program crashes and the user does something else for the rest of the day."""
    return [Moment(rng.uniform(start, end), Act.CRASH)]


def loses_network(rng: random.Random, start: float, end: float) -> list[Moment]:
    """The connection is away for a while."""
    lost = rng.uniform(start, end)
    found = min(lost + rng.uniform(5, 120) * MINUTE, end)
    return [
        Moment(lost, Act.LOSE_NETWORK),
        Moment(found, Act.FIND_NETWORK),
        Moment(end, Act.CLOSE),
    ]


def closes_offline(rng: random.Random, start: float, end: float) -> list[Moment]:
    """The user closes the program on the train home, and is online next morning."""
    lost = end - rng.uniform(0.1, 0.5) * (end - start)
    return [
        Moment(lost, Act.LOSE_NETWORK),
        Moment(end, Act.CLOSE),
        Moment(end + rng.uniform(11, 13) * HOUR, Act.FIND_NETWORK),
    ]


def opens_second_window(rng: random.Random, start: float, end: float) -> list[Moment]:
    """Two projects side by side: one seat."""
    second = rng.uniform(start, end)
    return [
        Moment(second, Act.OPEN_WINDOW),
        Moment(rng.uniform(second, end), Act.CLOSE),
        Moment(end, Act.CLOSE),
    ]


def leaves_it_on(rng: random.Random, start: float, end: float) -> list[Moment]:
    """The PC stays on overnight, with the program open."""
    return []


def goes_on_holiday(rng: random.Random, start: float, end: float) -> list[Moment]:
    """The laptop's lid is shut on the open program, and not opened again for days."""
    back = end + rng.randint(3, 12) * DAY
    return [Moment(end, Act.LOSE_NETWORK), Moment(back, Act.FIND_NETWORK)]


FATES: dict[Fate, float] = {
    closes: 0.80,
    opens_second_window: 0.05,
    loses_network: 0.04,
    crashes: 0.03,
    closes_offline: 0.03,
    leaves_it_on: 0.03,
    crashes_for_good: 0.01,
    goes_on_holiday: 0.01,
}


def life(name: str, habits: Habits, mornings: Iterable[Morning]) -> Iterator[Moment]:
    """Everything that the person does and undergoes, in order; days spent away are left out."""
    busy_until = float("-inf")
    for morning in mornings:
        rng = random.Random(f"{name}, {morning.days_to_come} days to come")  # noqa: S311
        if morning.at <= busy_until or rng.random() >= habits.attendance_on(morning):
            continue
        for moment in day(rng, habits, morning.at):
            yield moment
            busy_until = moment.at


def day(rng: random.Random, habits: Habits, begins: float) -> list[Moment]:
    """One day at work."""
    start = begins + max(0.0, rng.gauss(habits.arrives, 0.5)) * HOUR
    end = max(start + HOUR, begins + rng.gauss(habits.leaves, 0.7) * HOUR)
    moments = [Moment(start, Act.OPEN)]

    lunch = begins + rng.uniform(3.5, 5) * HOUR
    if rng.random() < habits.lunches_closed and start < lunch < end - HOUR:
        start = lunch + rng.uniform(20, 60) * MINUTE
        moments += [Moment(lunch, Act.CLOSE), Moment(start, Act.OPEN)]

    fates = FATES if habits.has_mishaps else {closes: 1.0}
    [fate] = rng.choices(list(fates), list(fates.values()))
    return moments + fate(rng, start, end)


def bouts(rng: random.Random, start: float) -> Iterator[Moment]:
    """Somebody restless, without end: the program is open for a while, and closed for a while."""
    at = start
    while True:
        yield Moment(at, Act.OPEN)
        at += rng.uniform(10, 60) * MINUTE
        yield Moment(at, rng.choices([Act.CLOSE, Act.CRASH], [15, 1])[0])
        at += rng.uniform(2, 20) * MINUTE


def errands(rng: random.Random, start: float, *, place: int) -> Iterator[Moment]:
    """What happens at one of the two places between which somebody carries a licence.

    They work at one, move the licence and go on at the other, without end.
    """
    at = start + rng.uniform(0, 1) * HOUR
    for here in itertools.cycle((0, 1)):
        opens, at = at, at + rng.uniform(0.7, 2.5) * HOUR
        if here == place:
            yield Moment(opens, Act.OPEN)
            yield Moment(at, Act.MOVE)
        at += rng.uniform(2, 20) * MINUTE


def restarts(rng: random.Random, host: str, mornings: Iterable[Morning]) -> Iterator[Moment]:
    """A terminal server starts anew on each working day, for everybody on it at once; whoever
    was there comes back more than an hour later."""
    hour = random.Random(host).uniform(1.2, 1.9)  # noqa: S311
    for morning in mornings:
        at = morning.at + hour * HOUR
        yield Moment(at, Act.RESTART)
        yield Moment(at + rng.uniform(70, 100) * MINUTE, Act.COME_BACK)


def both(life: Iterable[Moment], events: Iterable[Moment]) -> Iterator[Moment]:
    """Somebody's life, and what befalls them besides, in order."""
    return heapq.merge(life, events, key=lambda moment: moment.at)


def working_days(start: float, length: float) -> Iterator[Morning]:
    """Working days of this length, one after the other, without nights and without end."""
    for number in itertools.count():
        yield Morning(start + number * length, -number)
