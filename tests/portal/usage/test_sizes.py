"""The order of the advice for pools."""

from __future__ import annotations

from licensing.models import Licence
from licensing.usage.sizes import Advice, TooEarly
from portal.usage.advice import PoolAdvice


def test_those_with_too_few_seats_come_first_then_those_with_too_many():
    def told(seats: int, advised: Advice | TooEarly | None) -> PoolAdvice:
        return PoolAdvice(Licence(seats=seats), advised)

    def advice(seats: int) -> Advice:
        return Advice(seats, covered=1.0, most=seats, days_short=0, refused_people=0)

    in_order = [
        told(5, advice(9)), told(5, advice(6)), told(9, advice(1)), told(9, advice(8)),
        told(9, advice(9)), told(9, TooEarly(3)),
    ]  # fmt: skip

    mixed = in_order[3:] + in_order[:3]
    assert sorted(mixed, key=lambda one: one.rank) == in_order
