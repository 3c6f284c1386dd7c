"""Who waited for a seat in vain, and for how long."""

from __future__ import annotations

import datetime as dt

from licensing.models.denials import DenialClass
from licensing.usage.demand import demand
from licensing.usage.values import Denial, Hold
from tests.licensing.usage.histories import minutes

NINE = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


def denial(first: int, last: int, *, served: int | None = None, kind=DenialClass.TRUE) -> Denial:
    seat_at = None if served is None else NINE + minutes(served)
    return Denial(NINE + minutes(first), NINE + minutes(last), "ann", "pc-1", seat_at, kind)


def wanted(*denials: Denial) -> list[tuple[float, float]]:
    """From when to when, in minutes from nine o'clock."""
    return [
        ((want.start - NINE) / minutes(1), (want.end - NINE) / minutes(1))
        for want in demand([], denials)
    ]


def test_until_ten_minutes_after_the_last_try():
    assert wanted(denial(0, 7)) == [(0, 17)]


def test_until_the_person_gets_a_seat():
    assert wanted(denial(0, 7, served=12)) == [(0, 12)]


def test_not_for_longer_than_ten_minutes_because_of_a_seat_later():
    assert wanted(denial(0, 7, served=40)) == [(0, 17)]


def test_further_tries_prolong_it():
    again = denial(16, 20, kind=DenialClass.REPEAT)

    assert wanted(denial(0, 7), again) == [(0, 30)]


def test_further_tries_tell_when_the_person_got_a_seat():
    again = denial(16, 20, served=22, kind=DenialClass.TRANSIENT)

    assert wanted(denial(0, 7), again) == [(0, 22)]


def test_tries_after_ten_minutes_are_none_of_it():
    assert wanted(denial(0, 7), denial(17, 20, kind=DenialClass.REPEAT)) == [(0, 17)]


def test_tries_after_the_person_got_a_seat_are_none_of_it():
    again = denial(14, 15, kind=DenialClass.REPEAT)

    assert wanted(denial(0, 7, served=12), again) == [(0, 12)]


def test_who_got_a_seat_soon_never_waited():
    assert wanted(denial(0, 2, served=3, kind=DenialClass.TRANSIENT)) == []


def test_at_one_moment_who_held_a_seat_comes_first():
    held = Hold(NINE, NINE + minutes(5), "ben", "pc-2")

    assert [want.who[0] for want in demand([held], [denial(0, 0)])] == ["ben", "ann"]
