"""What clients can prove, and what they cannot."""

from __future__ import annotations

import random

from licensing.identity import Client
from support.demo.desktops import Answer, CheckOut, Close, Desktop, HeldSession, Refresh
from support.demo.real_time import Exchange
from support.demo.witness import Promise, Witness

CLIENT = Client(machine_name="CAD-017", username="jsmith", version="16.0.02")
DESKTOP = Desktop(CLIENT, "SERIAL", iter(()), random.Random("a seed"))


def witness(seats: int = 1, kept_for: float = 100) -> Witness:
    return Witness({"SERIAL": Promise("London planners", seats, kept_for)})


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
