"""Desktops give back what they held, when and how often they must."""

from __future__ import annotations

from support.demo.desktops.messages import Answer, CheckOut, Close, HeldSession, Refresh
from support.demo.desktops.moments import Act
from tests.support.demo.programs import FULL, GRANTED, SESSION, desktop, lived


def test_close_that_happened_offline_is_sent_later_with_its_time():
    program = desktop(
        (0, Act.OPEN), (100, Act.LOSE_NETWORK), (200, Act.CLOSE), (900, Act.FIND_NETWORK)
    )

    asked = lived(program, GRANTED, Answer())

    assert asked == [(0, CheckOut()), (900, Close(SESSION, ended_at=200))]
    assert program.unsent_closes == []


def test_close_that_never_arrived_is_sent_again():
    program = desktop((0, Act.OPEN), (200, Act.CLOSE))
    nobody = Answer("unreachable", retryable=True)

    asked = lived(program, GRANTED, nobody, nobody, nobody, Answer())

    assert asked[1] == (200, Close(SESSION, ended_at=None))
    assert asked[-1][1] == Close(SESSION, ended_at=200)
    assert program.unsent_closes == []


CLOSED_OFFLINE_AND_OPENED_AGAIN = (
    (0, Act.OPEN),
    (100, Act.LOSE_NETWORK),
    (200, Act.CLOSE),
    (300, Act.OPEN),
    (400, Act.FIND_NETWORK),
)
OTHER = Answer(session=HeldSession("2"), refresh_after=300, lease_until=10_000)


def test_old_close_goes_after_a_new_check_out():
    program = desktop(*CLOSED_OFFLINE_AND_OPENED_AGAIN)

    asked = lived(program, GRANTED, OTHER, Answer())

    assert asked[:3] == [(0, CheckOut()), (400, CheckOut()), (400, Close(SESSION, ended_at=200))]


def test_old_close_of_what_goes_on_is_struck():
    program = desktop(*CLOSED_OFFLINE_AND_OPENED_AGAIN)

    asked = lived(program, GRANTED, GRANTED)

    assert [type(request) for _, request in asked] == [CheckOut, CheckOut, Refresh]
    assert program.unsent_closes == []


def test_older_program_sends_an_old_close_of_what_goes_on():
    program = desktop(*CLOSED_OFFLINE_AND_OPENED_AGAIN, is_older=True)

    asked = lived(program, GRANTED, GRANTED, Answer())

    assert asked[2] == (400, Close(SESSION, ended_at=200, outdated_at=400))


def test_old_close_goes_before_another_try_at_a_full_pool():
    program = desktop(*CLOSED_OFFLINE_AND_OPENED_AGAIN)

    asked = lived(program, GRANTED, FULL, Answer(), GRANTED)

    assert [type(request) for _, request in asked[:4]] == [CheckOut, CheckOut, Close, CheckOut]
    assert [at for at, _ in asked[:4]] == [0, 400, 400, 400]
