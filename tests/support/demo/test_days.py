"""What people do all day: always the same for the same name."""

from __future__ import annotations

import itertools
import random

from support.demo.desktops.days import (
    DAY,
    HOUR,
    Habits,
    Morning,
    both,
    bouts,
    errands,
    life,
    restarts,
    working_days,
)
from support.demo.desktops.moments import Act
from support.demo.estate import history

HABITS = Habits()
TO_ALL_AT_ONCE = {Act.MOVE, Act.RESTART, Act.COME_BACK}
TUESDAY, SUNDAY = 1_795_500_000.0, 1_795_932_000.0


def lived(name: str, now: float, days: int = 120) -> list:
    return list(life(name, HABITS, history.mornings_until(now, days)))


def test_same_name_same_life():
    assert lived("A. Marsh", TUESDAY) == lived("A. Marsh", TUESDAY)


def test_other_name_other_life():
    assert lived("A. Marsh", TUESDAY) != lived("B. Marsh", TUESDAY)


def test_the_last_day_is_the_same_on_any_date():
    def last_day(now: float) -> list:
        moments = lived("Z. Stone", now)
        return [
            (round(moment.at - now, 3), moment.act)
            for moment in moments
            if moment.at >= now - history.TODAY_SO_FAR
        ]

    assert last_day(TUESDAY) == last_day(SUNDAY) != []


def test_moments_come_in_order_and_everything_befalls_somebody():
    lives = [lived(f"Person {number}", TUESDAY) for number in range(40)]

    assert all(moments == sorted(moments, key=lambda m: m.at) for moments in lives)
    assert {moment.act for moments in lives for moment in moments} == set(Act) - TO_ALL_AT_ONCE


def test_nobody_works_at_weekends_but_today_is_a_working_day():
    mornings = list(history.mornings_until(SUNDAY, 8))

    assert [morning.days_to_come for morning in mornings] == [5, 4, 3, 2, 1, 0]
    assert mornings[-1] == Morning(SUNDAY - history.TODAY_SO_FAR, 0)
    assert mornings[-2].at < SUNDAY - 1.5 * DAY


def test_working_days_follow_each_other_without_nights():
    days = list(itertools.islice(working_days(100.0, 12 * HOUR), 3))

    assert [day.at for day in days] == [100.0, 100.0 + 12 * HOUR, 100.0 + 24 * HOUR]


def test_restless_people_open_and_close_without_end():
    moments = list(itertools.islice(bouts(random.Random("a seed"), 0.0), 100))

    assert {moment.act for moment in moments[::2]} == {Act.OPEN}
    assert {moment.act for moment in moments[1::2]} == {Act.CLOSE, Act.CRASH}


def test_somebody_with_two_machines_uses_one_after_the_other():
    here, there = (
        itertools.islice(errands(random.Random("a seed"), 0.0, place=place), 40) for place in (0, 1)
    )

    moments = sorted([*here, *there], key=lambda moment: moment.at)

    assert [moment.act for moment in moments] == [Act.OPEN, Act.MOVE] * 40


def test_a_terminal_server_restarts_for_everybody_at_once_and_they_come_back_one_by_one():
    mornings = [Morning(0, 1), Morning(12 * HOUR, 0)]
    lives = [list(restarts(random.Random(n), "CTX-1", mornings)) for n in range(5)]

    restarted = {tuple(m.at for m in moments if m.act is Act.RESTART) for moments in lives}
    back = {tuple(m.at for m in moments if m.act is Act.COME_BACK) for moments in lives}
    assert (len(restarted), len(back)) == (1, 5)


def test_what_befalls_somebody_besides_comes_in_its_place():
    mornings = [Morning(TUESDAY, 0)]
    moments = list(
        both(life("A. Marsh", HABITS, mornings), restarts(random.Random(1), "A", mornings))
    )

    assert moments == sorted(moments, key=lambda m: m.at)
    assert {Act.OPEN, Act.RESTART, Act.COME_BACK} <= {moment.act for moment in moments}
