"""Desktops live through what befalls them."""

from __future__ import annotations

import itertools
import random

import pytest

from cloud_licence import states
from support.demo.desktops.desktop import State
from support.demo.desktops.messages import Answer, CheckOut, Close, HeldSession, Move, Refresh
from support.demo.desktops.moments import Act
from tests.support.demo.programs import FULL, GRANTED, NOBODY, SESSION, desktop, lived


def test_opens_refreshes_and_closes():
    program = desktop((0, Act.OPEN), (290, Act.CLOSE))

    asked = lived(program, GRANTED, GRANTED, Answer())

    assert [type(request) for _, request in asked] == [CheckOut, Refresh, Close]
    assert 270 <= asked[1][0] <= 300
    assert asked[2] == (290, Close(SESSION, ended_at=None))
    assert (program.state, program.session, program.next_at) == (State.OFF, None, None)


def test_waits_as_long_as_a_full_pool_asks_and_gives_up_in_the_end():
    program = desktop((0, Act.OPEN))

    asked = lived(program, *[FULL] * 10, until=100_000)

    waits = [later - earlier for (earlier, _), (later, _) in itertools.pairwise(asked)]
    assert len(asked) == 1 + program.patience
    assert all(60 <= wait <= 90 for wait in waits)
    assert (program.state, program.did["give up"]) == (State.OFF, 1)


def test_does_not_ask_again_where_that_is_no_use():
    program = desktop((0, Act.OPEN))

    asked = lived(program, Answer("key_revoked"), GRANTED)

    assert asked == [(0, CheckOut())]
    assert program.state is State.OFF


def test_asks_with_the_same_id_until_it_is_answered():
    program = desktop((0, Act.OPEN), (5, Act.LOSE_NETWORK), (90, Act.FIND_NETWORK))
    program.rng = random.Random(3)  # somebody patient

    asked = lived(program, NOBODY, NOBODY, GRANTED)

    ids = [request.session_id for _, request in asked if isinstance(request, CheckOut)]
    assert len(ids) >= 2
    assert len(set(ids)) == 1 != ids.count("")
    assert program.pending == ""


def test_makes_another_id_when_the_session_of_its_own_is_over():
    program = desktop((0, Act.OPEN))

    asked = lived(program, Answer("session_released", status=410, retryable=True), GRANTED, until=1)

    first, second = (request.session_id for _, request in asked)
    assert first != second != ""


def test_gives_back_what_it_may_have_without_having_heard_of_it():
    program = desktop((0, Act.OPEN), (1, Act.CLOSE))

    asked = lived(program, NOBODY, NOBODY, NOBODY, Answer())

    [own] = {request.session_id for _, request in asked if isinstance(request, CheckOut)}
    close = asked[-1][1]
    assert close.session == HeldSession(own)
    assert (close.serial_number, program.unsent_closes) == ("SERIAL", [])


def test_crashed_before_it_heard_it_asks_with_the_same_id():
    program = desktop((0, Act.OPEN), (1, Act.CRASH), (2, Act.OPEN))

    asked = lived(program, NOBODY, GRANTED, until=2)

    assert len({request.session_id for _, request in asked}) == 1


def test_a_terminal_server_that_restarts_gives_its_people_another_os_session():
    program = desktop((0, Act.OPEN), (50, Act.RESTART), (60, Act.COME_BACK), os_session="3")

    asked = lived(program, GRANTED, GRANTED, until=60)

    assert asked == [(0, CheckOut()), (60, CheckOut())]
    assert (program.client.os_session, program.state) == ("103", State.OPEN)


def test_nobody_comes_back_who_was_not_there():
    program = desktop((50, Act.RESTART), (60, Act.COME_BACK), os_session="3")

    assert lived(program, GRANTED) == []


def test_opens_offline_while_its_lease_runs():
    program = desktop((0, Act.OPEN), (10, Act.CRASH), (20, Act.LOSE_NETWORK), (30, Act.OPEN))

    lived(program, GRANTED)

    assert (program.state, program.session) == (State.OPEN, None)


def test_does_not_open_offline_after_its_lease():
    program = desktop((0, Act.OPEN), (10, Act.CRASH), (20, Act.LOSE_NETWORK), (30, Act.OPEN))

    lived(program, Answer(session=SESSION, refresh_after=300, lease_until=25))

    assert program.state is State.OFF


def test_second_window_asks_for_the_seat_that_is_held_and_its_close_keeps_it():
    program = desktop((0, Act.OPEN), (10, Act.OPEN_WINDOW), (20, Act.CLOSE), (30, Act.CLOSE))

    asked = lived(program, GRANTED, GRANTED, Answer())

    assert asked == [(0, CheckOut()), (10, CheckOut()), (30, Close(SESSION, ended_at=None))]


@pytest.mark.parametrize("code", ["session_released", "session_ended"])
def test_open_program_asks_for_a_new_seat_when_its_session_is_gone(code):
    program = desktop((0, Act.OPEN))

    asked = lived(program, GRANTED, Answer(code, retryable=True), GRANTED, until=400)

    assert [type(request) for _, request in asked[:3]] == [CheckOut, Refresh, CheckOut]
    assert (program.state, program.session) == (State.OPEN, SESSION)


def test_open_program_stays_open_when_its_seat_is_gone():
    program = desktop((0, Act.OPEN))

    asked = lived(program, GRANTED, FULL, FULL, until=2000)

    assert [type(request) for _, request in asked] == [CheckOut, Refresh, Refresh, Refresh]
    assert program.state is State.OPEN


def test_program_that_crashed_says_nothing():
    program = desktop((0, Act.OPEN), (10, Act.CRASH))

    asked = lived(program, GRANTED)

    assert asked == [(0, CheckOut())]
    assert program.next_at is None


def test_farewell_closes_whatever_is_open():
    program = desktop((0, Act.OPEN), (10, Act.OPEN_WINDOW), (20, Act.LOSE_NETWORK))
    lived(program, GRANTED, GRANTED)

    request = program.farewell(50)
    program.hear(request, Answer(), 50)

    assert request == Close(SESSION, ended_at=None)
    assert program.farewell(50) is None


def test_moves_its_licence_and_is_gone():
    program = desktop((0, Act.OPEN), (100, Act.MOVE))

    asked = lived(program, GRANTED, Answer(status=204))

    assert asked == [(0, CheckOut()), (100, Move(SESSION))]
    assert (program.state, program.session, program.next_at) == (State.OFF, None, None)


def test_goes_on_where_it_is_when_it_may_not_move():
    program = desktop((0, Act.OPEN), (100, Act.MOVE))

    asked = lived(program, GRANTED, Answer("move_limit", status=409), GRANTED, until=200)

    assert [request for _, request in asked] == [CheckOut(), Move(SESSION), Refresh(SESSION)]
    assert program.state is State.OPEN


def test_move_that_was_cut_off_is_asked_for_again():
    program = desktop((0, Act.OPEN), (100, Act.MOVE))

    asked = lived(program, GRANTED, Answer("unreachable", retryable=True), Answer(status=204))

    assert [request for _, request in asked] == [CheckOut(), Move(SESSION), Move(SESSION)]


def test_takes_up_a_new_key_at_its_next_start():
    program = desktop((0, Act.OPEN), (100, Act.OPEN_WINDOW), (110, Act.CLOSE), (120, Act.CRASH))
    lived(program, GRANTED, until=0)
    program.next_serial_number = "NEW"
    lived(program, GRANTED)
    before = program.serial_number

    program.start(200)

    assert (before, program.serial_number) == ("SERIAL", "NEW")


def test_works_on_when_its_grace_period_ends_and_then_does_not_open_again():
    program = desktop(
        (0, Act.OPEN), (100, Act.LOSE_NETWORK), (12_000, Act.CLOSE), (12_100, Act.OPEN)
    )

    asked = lived(program, GRANTED, until=11_999)
    before = program.state, program.licence.state
    lived(program, until=12_200)

    assert asked == [(0, CheckOut())]
    assert before == (State.OPEN, states.State.GRACE_OVER)
    assert program.state is State.OFF


def test_does_not_open_offline_where_it_was_moved_away_from():
    program = desktop((0, Act.OPEN), (100, Act.MOVE), (200, Act.LOSE_NETWORK), (300, Act.OPEN))

    lived(program, GRANTED, Answer(status=204))

    assert program.state is State.OFF
