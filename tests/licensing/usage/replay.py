"""The same figures by brute force: minute by minute, with all facts looked at each time."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from licensing.models.denials import DenialClass
from tests.licensing.usage.histories import MINUTE, minutes

TEN = minutes(10)


def every_minute(since: dt.datetime, until: dt.datetime) -> list[dt.datetime]:
    return [since + minutes(n) for n in range((until - since) // MINUTE)]


def who_is_in(holds, at):
    return [hold for hold in holds if hold.start <= at < hold.end]


def level(holds, at) -> int:
    return len(who_is_in(holds, at))


def limit(limits, at) -> int | None:
    known = [known.seats for known in limits if known.start <= at]
    return known[-1] if known else None


def is_full(history, at) -> bool:
    return is_full_at(level(history.holds, at), history.limits, at)


def is_full_at(level, limits, at) -> bool:
    seats = limit(limits, at)
    return seats is not None and level >= seats


def is_working(working, at) -> bool:
    there = at.astimezone(working.zone)
    shown = dt.timedelta(hours=there.hour, minutes=there.minute)
    return there.weekday() in working.days and working.opens <= shown < working.closes


def hour(history, start) -> dict:
    """What is expected of one hour."""
    in_it = every_minute(start, start + minutes(60))
    present = [hold for at in in_it for hold in who_is_in(history.holds, at)]
    levels = [level(history.holds, at) for at in in_it]
    return {
        "start": start,
        "quarters": tuple(max(levels[n : n + 15]) for n in range(0, 60, 15)),
        "peak": max(levels),
        "mean": sum(levels) / 60,
        "seconds_at_limit": 60 * sum(is_full(history, at) for at in in_it),
        "limit": limit(history.limits, in_it[-1]),
        "people": len({hold.person for hold in present}),
        "machines": len({hold.machine for hold in present}),
        "refusals": Counter(denial.kind for denial in history.denials if denial.first in in_it),
    }


def waits(denials) -> list[dict]:
    """Who waited in vain: from the first try on, with all the tries that followed it."""
    found = []
    for denial in denials:
        if mine := [wait for wait in found if goes_on(wait, denial)]:
            mine[-1]["tries"] += [denial.first, denial.last]
            mine[-1]["served"] = mine[-1]["served"] or denial.served
        elif denial.kind == DenialClass.TRUE:
            tries, who = [denial.first, denial.last], (denial.person, denial.machine)
            found.append({"who": who, "tries": tries, "served": denial.served})
            for older in [wait for wait in found[:-1] if wait["who"] == who]:
                older["is_over"] = True
    for wait in found:
        ends = [wait["tries"][-1] + TEN, wait["served"]]
        wait["until"] = min(end for end in ends if end)
    return found


def goes_on(wait, denial) -> bool:
    return (
        wait["who"] == (denial.person, denial.machine)
        and not wait.get("is_over")
        and denial.kind in (DenialClass.REPEAT, DenialClass.TRANSIENT)
        and denial.first - wait["tries"][-1] < TEN
        and (wait["served"] is None or denial.first < wait["served"])
    )


def demand(history) -> list[int]:
    """At each minute, how many held a seat or waited for one."""
    waiting = waits(history.denials)
    return [
        level(history.holds, at) + sum(w["tries"][0] <= at < w["until"] for w in waiting)
        for at in every_minute(history.since, history.until)
    ]


def what_if(history, seats) -> tuple[int, int, int]:
    """How many people on how many days had been refused with so many seats, and how often."""
    log = replayed(history, seats)
    hurt = {(who, at) for at, who, is_in in log if not is_in and is_true_denial(log, who, at)}
    days = {at.astimezone(history.working.zone).date() for _who, at in hurt}
    return len({who[0] for who, _at in hurt}), len(days), len(hurt)


def replayed(history, seats) -> list[tuple]:
    """When who asked, and whether they got in."""
    asking = [
        {"who": (h.person, h.machine), "tries": [h.start], "until": h.end} for h in history.holds
    ] + waits(history.denials)
    asking.sort(key=lambda person: person["tries"][0])
    inside, log = [], []
    for at in every_minute(history.since, history.until):
        inside = [person for person in inside if person["until"] > at]
        for person in asking:
            if person in inside or person.get("is_served") or person["until"] <= at:
                continue
            if at in (max(when, history.since) for when in person["tries"]):
                person["is_served"] = len(inside) < seats
                log.append((at, person["who"], person["is_served"]))
                inside += [person] if person["is_served"] else []
    return log


def is_true_denial(log, who, at) -> bool:
    mine = [(when, is_in) for when, whose, is_in in log if whose == who]
    tried_before = any(at - TEN < when < at and not is_in for when, is_in in mine)
    is_served = any(at <= when <= at + TEN and is_in for when, is_in in mine)
    return not tried_before and not is_served
