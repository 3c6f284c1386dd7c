"""History: the demo's months, lived through the domain itself in simulated time."""

from __future__ import annotations

import datetime as dt
import random
from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from django.db import transaction

from licensing import sessions
from licensing.models import Licence, ProductKey
from licensing.usage.roll_up import roll_up
from support.demo.desktops import clocks
from support.demo.desktops.days import DAY, HOUR, MINUTE, Morning, both, life
from support.demo.desktops.desktop import Desktop
from support.demo.desktops.domain_door import DomainDoor
from support.demo.desktops.moments import Act, Moment
from support.demo.desktops.simulation import Incident, Simulation
from support.demo.estate import incidents, office, orders, people
from support.demo.estate.teams import Team

OPENS_AT = dt.time(8)
TODAY_SO_FAR = 2.7 * HOUR
"""Whatever the hour is, the demo's last working day began this long ago."""
TIDY_EVERY = 4 * HOUR
SATURDAY = 5


def fill(teams: Sequence[Team], *, days: int, now: float) -> None:
    """Let the teams live so many days up to now; the accounts' holders join at the end, and
    what use there was is rolled up.

    Each day is one transaction, so that a durable database is quick about it.
    """
    start = clocks.moment(now - days * DAY)
    with clocks.simulated() as set_clock:
        with transaction.atomic():
            people.make_users(start)
        issued = live(teams, days=days, now=now, set_clock=set_clock)

    with transaction.atomic():
        orders.put_terms_right(issued, now=now)
        incidents.label_keys()
        people.join_accounts(start)
    with transaction.atomic(), clocks.simulated() as set_clock:
        office.furnish(now=now, set_clock=set_clock)
    with transaction.atomic():
        orders.put_times_right()
    for licence in Licence.objects.all():
        roll_up(licence)


def live(
    teams: Sequence[Team], *, days: int, now: float, set_clock: clocks.SetClock
) -> Mapping[Team, ProductKey]:
    """Let every desktop of the teams live, and the incidents happen; return the teams' keys.

    Each team's licence is sold when the team begins, so that the record tells all in its order.
    """
    mornings = list(mornings_until(now, days))
    door = DomainDoor(now)
    happenings = [*tidying(days, now), *incidents.all_of(mornings, teams, door)]
    world = Simulation([], happenings, door=door, set_clock=set_clock)
    issued: dict[Team, ProductKey] = {}
    to_begin = deque(sorted(teams, key=lambda team: -team.since))
    for days_to_come in reversed(range(days)):
        today_ends = now - days_to_come * DAY
        with transaction.atomic():
            while to_begin and (begins := orders.began(to_begin[0], days, now)) <= today_ends:
                team = to_begin.popleft()
                world.run(until=begins)
                key = orders.issue(team, days=days, now=now, set_clock=set_clock)
                world.join(desktops_of(team, key.serial_number, mornings, now))
                issued[team] = key
            world.run(until=today_ends)
    return issued


def mornings_until(now: float, days: int) -> Iterator[Morning]:
    """The working days: Monday to Friday before today, and today, whatever day it is."""
    today = clocks.moment(now).astimezone(orders.ZONE).date()
    dates = [today - dt.timedelta(days=ago) for ago in range(days - 1, 0, -1)]
    working = [date for date in dates if date.weekday() < SATURDAY]
    for number, date in enumerate(working):
        at = dt.datetime.combine(date, OPENS_AT, orders.ZONE)
        yield Morning(at.timestamp(), len(working) - number)
    yield Morning(now - TODAY_SO_FAR, 0)


def desktops_of(
    team: Team, serial_number: str, mornings: Sequence[Morning], now: float
) -> Iterator[Desktop]:
    """The team's desktops, each with the life that its user leads."""
    since, until = now - team.since * DAY, now - team.until * DAY
    worked = [morning for morning in mornings if since <= morning.at <= until]
    for number, client in enumerate(team.clients()):
        name = f"{team.account}, {team.licence}, {number}"
        moments = both(life(name, team.habits, worked), restart_of(team, worked, name))
        if number < len(team.stories):
            moments = told(moments, team.stories[number], now)
        yield Desktop(client, serial_number, moments, random.Random(name))  # noqa: S311


def restart_of(team: Team, mornings: Sequence[Morning], name: str) -> Iterator[Moment]:
    """That the team's terminal servers restarted, and when the person was back."""
    if team.restarted is None:
        return
    days_to_come, hours = team.restarted
    for morning in mornings:
        if morning.days_to_come == days_to_come:
            at = morning.at + hours * HOUR
            away = random.Random(f"{name} is away").uniform(10, 25) * MINUTE  # noqa: S311
            yield Moment(at, Act.RESTART)
            yield Moment(at + away, Act.COME_BACK)


def told(moments: Iterator[Moment], story: Sequence[Moment], now: float) -> Iterator[Moment]:
    """The same life until the story begins."""
    begins = now + story[0].at
    for moment in moments:
        if moment.at >= begins:
            break
        yield moment
    for moment in story:
        yield Moment(now + moment.at, moment.act)


def tidying(days: int, now: float) -> Iterator[Incident]:
    """The worker takes stale seats back, less often than in life."""
    for number in range(int(days * DAY / TIDY_EVERY), -1, -1):
        yield Incident(now - number * TIDY_EVERY, sessions.reclaim_stale)
