"""Pools used at random around a change of the clocks, and their use minute by minute."""

from __future__ import annotations

import datetime as dt
import random
import zoneinfo

from django.http import QueryDict
from django.utils import timezone

from licensing import keys
from licensing.models import ClientSession, Hold
from licensing.usage.working_time import midnight
from portal.usage.asked import UseAsked
from portal.usage.use import figures_of
from tests.factories import TESTER, make_pool
from tests.licensing.usage.histories import minutes
from tests.licensing.usage.past import limits_were, session_then
from tests.licensing.usage.replay import every_minute, is_working, who_is_in

PEOPLE = ("ann", "Ben", "cay", "dan", "eve")
DAY = dt.timedelta(days=1)


def last_change(zone: str) -> dt.date:
    """The last day, some days ago, on which the clocks were changed there; a Sunday if never."""
    there, day = zoneinfo.ZoneInfo(zone), timezone.now().date() - 9 * DAY
    for number in range(300):
        date = day - number * DAY
        if midnight(date + DAY, there) - midnight(date, there) != DAY:
            return date
    return day - DAY * ((day.weekday() + 1) % 7)


def used_around(account, day: dt.date, seed: object) -> list:
    """Two pools with sessions at random around a day; some of them took a seat again."""
    chance = random.Random(f"{account.time_zone} {seed}")
    first = make_pool(9, account=account, name="Planners", features=["bim", "4d"])
    all_keys = [
        first,
        keys.issue(first.licence, label="Leeds", by=TESTER)[0],
        make_pool(5, account=account, name="Tender"),
    ]
    start = midnight(day - DAY, zoneinfo.ZoneInfo(account.time_zone))
    for key in all_keys:
        limits_were(key, start - 9 * DAY, 9)
    for _number in range(50):
        used_once(
            chance.choice(all_keys), start + minutes(chance.randrange(-600, 4 * 1440)), chance
        )
    return [first.licence, all_keys[2].licence]


def used_once(key, begun: dt.datetime, chance) -> None:
    """A session, and in some cases one more hold of it after that."""
    ended = begun + minutes(chance.randrange(1, 900))
    session = session_then(key, begun, ended, person=chance.choice(PEOPLE))
    about = {
        "version": chance.choice(["16.0", "17.1", ""]),
        "features": chance.choice([[], ["bim"], ["bim", "4d"]]),
    }
    if chance.random() < 0.3:
        again = ended + minutes(chance.randrange(0, 90))
        Hold.objects.create(
            licence=key.licence, session=session.pk, held_since=begun, held_until=ended
        )
        about |= {"held_since": again, "ended_at": again + minutes(chance.randrange(1, 90))}
    ClientSession.objects.filter(pk=session.pk).update(**about)


class Held:
    """A seat that a session held."""

    def __init__(self, session: ClientSession, start: dt.datetime, end: dt.datetime) -> None:
        self.session, self.start, self.end = session, start, end


def all_held(licences) -> list[Held]:
    """Every hold there is, from the rows themselves."""
    sessions = {one.pk: one for one in ClientSession.objects.filter(licence__in=licences)}
    of_own = [Held(s, s.held_since or s.started_at, s.ended_at) for s in sessions.values()]
    before = [
        Held(sessions[row.session], row.held_since, row.held_until) for row in Hold.objects.all()
    ]
    return [held for held in of_own + before if held.start < held.end]


def asked(account, first: dt.date, last: dt.date, **more):
    """The figures that an address asks for."""
    query = QueryDict(mutable=True)
    query.update({"from": str(first), "until": str(last)} | more)
    use = UseAsked(account, query)
    return use, figures_of(use)


def counted_minutes(figures) -> list[dt.datetime]:
    """The minutes that count."""
    days = figures.range
    return [
        at
        for at in every_minute(days.since, days.until)
        if not figures.only_working or is_working(days.working, at)
    ]


def use_of(held, at_minutes, zone) -> dict:
    """What these holds used of the minutes: peak, minutes, people, days."""
    peak, used, people, days = 0, 0, set(), set()
    for at in at_minutes:
        inside = who_is_in(held, at)
        peak, used = max(peak, len(inside)), used + len(inside)
        people |= {one.session.person for one in inside}
        days |= {at.astimezone(zone).date()} if inside else set()
    return {"peak": peak, "minutes": used, "people": len(people), "days": len(days)}
