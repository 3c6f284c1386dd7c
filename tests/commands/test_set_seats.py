from __future__ import annotations

from tests.factories import make_session


def test_tells_how_many_are_in_use(run, pool):
    make_session(pool)

    answer = run("set_seats", pool.serial_number, "12", "--reason=Order 4711")

    assert answer == {"serial_number": pool.serial_number, "seats": 12, "in_use": 1}


def test_fewer_than_in_use_closes_nobody(run, pool):
    make_session(pool)
    make_session(pool)

    answer = run("set_seats", pool.serial_number, "1", "--reason=Order 4711")

    assert answer == {"serial_number": pool.serial_number, "seats": 1, "in_use": 2}


def test_none_at_all_is_refused(refusal, pool):
    said = refusal("set_seats", pool.serial_number, "0", "--reason=Order 4711")

    assert said == (
        "A licence has between 1 and 100,000 seats, not 0. To stop all use, suspend the licence."
    )
