"""What clients can prove, and what they cannot."""

from __future__ import annotations

import dataclasses
import random

import pytest

from licensing.identity import Client
from support.demo.desktops.desktop import Desktop
from support.demo.desktops.messages import Answer, CheckOut, Close, HeldSession, Refresh
from support.demo.desktops.real_time import Exchange
from support.demo.fleet import making_way
from support.demo.fleet.promises import Promise
from support.demo.fleet.witness import Witness

CLIENT = Client(machine_name="CAD-017", username="jsmith", version="16.0.02")
DESKTOP = Desktop(CLIENT, "SERIAL", iter(()), random.Random("a seed"))


FULL = Answer("pool_exhausted", status=409, retryable=True)
REPLACED = Answer("session_ended", status=410, retryable=True, reason="replaced")
NOBODY = Answer("unreachable", retryable=True)


def witness(seats: int = 1, kept_for: float = 100, speed: float = 1) -> Witness:
    promise = Promise("London planners", seats, kept_for, silent_after=20)
    return Witness({"SERIAL": promise}, speed=speed)


def program(**details) -> Desktop:
    client = dataclasses.replace(CLIENT, **details)
    return Desktop(client, "SERIAL", iter(()), random.Random("a seed"))


def heard(judge: Witness, program: Desktop, request, answer: Answer, at: float) -> list[str]:
    judge.hear(Exchange(program, request, answer, at, at + 1))
    return judge.complaints()


def opened(session: str, own_id: str = "") -> tuple[CheckOut, Answer]:
    return CheckOut(own_id), Answer(status=201, session=HeldSession(session))


def granted(session: str, sent_at: float) -> Exchange:
    answer = Answer(status=200, session=HeldSession(session))
    return Exchange(DESKTOP, Refresh(HeldSession(session)), answer, sent_at, sent_at + 1)


def test_two_sessions_on_one_seat():
    judge = witness(seats=1)
    for session, at in (("a", 0), ("b", 10), ("a", 50), ("b", 60)):
        judge.hear(granted(session, at))

    assert judge.complaints() == [
        "London planners has 1 seats, and 2 sessions surely held one at the same time."
    ]


def test_two_sessions_one_after_the_other():
    judge = witness(seats=1)
    for session, at in (("a", 0), ("a", 50), ("b", 60), ("b", 90)):
        judge.hear(granted(session, at))

    assert judge.complaints() == []


def test_a_seat_that_may_have_been_reclaimed_in_between_proves_nothing():
    judge = witness(seats=1, kept_for=30)
    for session, at in (("a", 0), ("b", 40), ("b", 60), ("a", 70)):
        judge.hear(granted(session, at))

    assert judge.complaints() == []


def test_session_that_goes_on_after_its_close():
    judge = witness()
    session = HeldSession("a")
    judge.hear(granted("a", 0))
    judge.hear(Exchange(DESKTOP, Close(session, None), Answer(status=204), 10, 11))
    judge.hear(granted("a", 20))

    assert judge.complaints() == [
        "A session went on after its close had been acknowledged: 1 times."
    ]


def test_session_that_is_unknown_and_server_errors():
    judge = witness()
    unknown = Answer("session_unknown", status=404)
    error = Answer("internal_error", status=500)
    judge.hear(Exchange(DESKTOP, Refresh(HeldSession("a")), unknown, 0, 1))
    judge.hear(Exchange(DESKTOP, CheckOut(), error, 2, 3))
    judge.hear(Exchange(DESKTOP, CheckOut(), error, 4, 5))

    assert judge.complaints() == [
        "A session that had been acknowledged was unknown at its refresh: 1 times.",
        "The server answered 500 (internal_error): 2 times.",
    ]


def test_answers_that_never_came_are_nobodys_fault():
    judge = witness()
    judge.hear(Exchange(DESKTOP, CheckOut(), Answer("unreachable", retryable=True), 0, 1))

    assert judge.complaints() == []


def test_two_machines_that_are_given_one_session():
    judge = witness()
    heard(judge, program(device_id="one"), *opened("a"), 0)

    assert heard(judge, program(device_id="two"), *opened("a"), 10) == [
        "Two programs on two machines were given one session: 1 times."
    ]


def test_a_session_that_does_not_take_its_programs_id():
    judge = witness()

    assert heard(judge, DESKTOP, *opened("own", own_id="own"), 0) == []
    assert heard(judge, DESKTOP, *opened("other", own_id="mine"), 2) == [
        "A new session did not take the id that its program had made: 1 times."
    ]


def late_close(outdated_at: float) -> list[str]:
    """What is said when a session ends after a close at 10 that a grant had outdated."""
    judge, session = witness(speed=10), HeldSession("a")
    heard(judge, DESKTOP, *opened("a"), 0)
    close = Close(session, ended_at=10, outdated_at=outdated_at)
    heard(judge, DESKTOP, close, Answer(status=204), 3)
    ended = Answer("session_ended", status=410, retryable=True, reason="closed")
    return heard(judge, DESKTOP, Refresh(session), ended, 5)


def test_a_late_close_that_ends_what_has_been_granted_since():
    assert late_close(outdated_at=21) == [
        "A close that came late ended a session that had been granted since: 1 times."
    ]


def test_a_late_close_within_the_same_second_proves_nothing():
    assert late_close(outdated_at=19) == []


def test_a_session_goes_on_after_a_close_that_it_outdated():
    judge, session = witness(), HeldSession("a")
    heard(judge, DESKTOP, *opened("a"), 0)
    heard(judge, DESKTOP, Close(session, 10, outdated_at=20), Answer(status=204), 30)

    assert heard(judge, DESKTOP, Refresh(session), Answer(status=200, session=session), 40) == []


BEFORE, AFTER = program(os_session="2"), program(os_session="102")


def refused_after(silence: float, kept_for: float = 100, other: Desktop = AFTER) -> list[str]:
    judge = witness(kept_for=kept_for)
    heard(judge, BEFORE, *opened("a"), 0)
    return heard(judge, other, CheckOut("own"), FULL, 1 + silence)


def test_somebody_who_is_refused_for_their_own_silent_session():
    assert refused_after(silence=20) == [f"{making_way.REFUSED}: 1 times."]


@pytest.mark.parametrize(
    "refused",
    [
        {"silence": 19},
        {"silence": 50, "kept_for": 40},
        {"silence": 20, "other": program(os_session="102", username="another")},
        {"silence": 20, "other": BEFORE},
    ],
)
def test_a_refusal_that_proves_nothing(refused):
    assert refused_after(**refused) == []


@pytest.mark.parametrize("asked", [opened("b"), (CheckOut("own"), NOBODY)])
def test_silent_sessions_may_have_made_way_to_the_first_who_asked(asked):
    judge = witness(seats=2)
    heard(judge, BEFORE, *opened("a"), 0)
    heard(judge, AFTER, *asked, 30)

    assert heard(judge, program(os_session="202"), CheckOut("third"), FULL, 31) == []


def replaced_after(silence: float, by: Desktop) -> list[str]:
    judge = witness(seats=2)
    heard(judge, BEFORE, *opened("a"), 0)
    heard(judge, by, *opened("b"), silence)
    return heard(judge, BEFORE, Refresh(HeldSession("a")), REPLACED, silence)


def test_a_silent_session_that_makes_way_to_its_own():
    assert replaced_after(silence=25, by=AFTER) == []


def test_a_session_in_touch_that_is_replaced():
    assert replaced_after(silence=10, by=AFTER) == [f"{making_way.KEPT_IN_TOUCH}: 1 times."]


@pytest.mark.parametrize("other", [{"username": "another"}, {"machine_name": "another"}])
def test_a_session_that_is_replaced_by_another_person_or_machine(other):
    by = program(os_session="102", **other)

    assert replaced_after(silence=25, by=by) == [f"{making_way.BY_NOBODY}: 1 times."]


def test_a_session_that_is_replaced_by_a_clone():
    judge, one, two = witness(seats=2), program(device_id="one"), program(device_id="two")
    heard(judge, one, *opened("a"), 0)
    heard(judge, two, *opened("b"), 25)

    assert heard(judge, one, Refresh(HeldSession("a")), REPLACED, 25) == [
        f"{making_way.BY_NOBODY}: 1 times."
    ]


@pytest.mark.parametrize(("session", "complaints"), [("first", 0), ("other", 1)])
def test_a_session_that_was_opened_by_a_lost_check_out_has_its_id(session, complaints):
    judge, held = witness(), Answer(status=200, session=HeldSession(session))
    heard(judge, DESKTOP, CheckOut("first"), NOBODY, 0)

    assert len(heard(judge, DESKTOP, CheckOut("second"), held, 10)) == complaints
