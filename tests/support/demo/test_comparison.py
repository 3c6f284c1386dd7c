"""Both sides' counts: what desktops were told, what the database holds, and what may differ."""

from __future__ import annotations

import random
from collections import Counter

from support.demo.desktops.desktop import Desktop
from support.demo.desktops.messages import Answer, CheckOut, Close, HeldSession, Move, Refresh
from support.demo.desktops.real_time import Exchange
from support.demo.fleet import comparison
from support.demo.fleet.comparison import Line
from support.demo.fleet.ledger import Ledger
from support.demo.fleet.promises import Promise
from support.demo.fleet.records import Records
from tests.factories import make_client

DESKTOP = Desktop(make_client(username="jsmith"), "SERIAL", iter(()), random.Random("a seed"))
SESSION = HeldSession("a")
OPENED = Answer(status=201, session=SESSION)
DONE = Answer(status=204)
BLOCKED = Answer("access_blocked", status=403)
CUT_OFF = Answer("unreachable", retryable=True)


def ledger(*exchanges, kept_for: float = 100) -> Ledger:
    """A ledger of one licence that has heard these requests and answers, ten seconds apart."""
    book = Ledger({"SERIAL": Promise("London planners", 1, kept_for)})
    for number, (request, answer) in enumerate(exchanges):
        book.hear(Exchange(DESKTOP, request, answer, 10 * number, 10 * number + 1))
    return book


def records(opened: int = 1, **counts: dict) -> Records:
    """What a database holds that has recorded so much."""
    kinds = ("ended", "denied", "unbound", "deeds")
    return Records(opened, **{kind: Counter(counts.get(kind, {})) for kind in kinds})


def test_both_sides_tell_the_same():
    book = ledger(
        (CheckOut(), Answer("pool_exhausted", status=409)),
        (CheckOut(), OPENED),
        (Refresh(SESSION), Answer(status=200, session=SESSION)),
        (Close(SESSION, None), DONE),
    )

    compared = comparison.lines(book, records(ended={"closed": 1}, denied={"pool_exhausted": 1}))

    assert compared == [
        Line("session: opened", 1, 1),
        Line("session: closed", 1, 1),
        Line("session: open, or seat reclaimed or replaced", 0, 0),
        Line("denied: pool_exhausted", 1, 1),
        Line("device: moved", 0, 0),
    ]
    assert comparison.complaints(compared) == []


def test_a_denial_that_is_not_recorded_is_a_disagreement():
    book = ledger((CheckOut(), Answer("pool_exhausted", status=409)))

    assert comparison.complaints(comparison.lines(book, records(opened=0))) == [
        "The clients and the server disagree on “denied: pool_exhausted”: 1 by the clients, "
        "0 by the server; cut-off requests explain 0."
    ]


def test_a_session_that_nobody_was_told_of_is_explained_by_one_that_was_cut_off():
    compared = comparison.lines(ledger((CheckOut(), CUT_OFF)), records(opened=1, ended={"": 1}))

    assert compared[:2] == [
        Line("session: opened", 0, 1, doubt=1),
        Line("session: open, or seat reclaimed or replaced", 0, 1, doubt=1),
    ]
    assert comparison.complaints(compared) == []


def test_two_sessions_are_not_explained_by_one_request():
    compared = comparison.lines(ledger((CheckOut(), CUT_OFF)), records(opened=2, ended={"": 2}))

    assert len(comparison.complaints(compared)) == 2


def test_a_close_that_was_cut_off_leaves_no_doubt_once_it_is_acknowledged():
    book = ledger((CheckOut(), OPENED), (Close(SESSION, None), CUT_OFF))
    assert book.doubtful_sessions == 1

    book.hear(Exchange(DESKTOP, Close(SESSION, 15), DONE, 30, 31))

    assert (book.doubtful_sessions, book.ended()) == (0, {"closed": 1})


def test_a_move_ends_its_session_and_unbinds_its_device():
    book = ledger((CheckOut(), OPENED), (Move(SESSION), DONE))

    compared = comparison.lines(book, records(ended={"moved": 1}, unbound={"moved": 1}))

    assert (book.ended(), book.moves) == ({"moved": 1}, 1)
    assert comparison.complaints(compared) == []


def test_a_blocked_session_stays_blocked_when_its_program_closes():
    book = ledger((CheckOut(), OPENED), (Refresh(SESSION), BLOCKED), (Close(SESSION, None), DONE))

    assert (book.ended(), book.doubtful_sessions) == ({"blocked": 1}, 0)


def test_a_blocked_session_may_have_been_reclaimed_before():
    book = ledger((CheckOut(), OPENED), (Refresh(SESSION), BLOCKED), kept_for=5)

    assert book.doubtful_sessions == 1


def test_a_refresh_that_was_cut_off_is_in_doubt_only_for_whoever_was_blocked():
    book = ledger((CheckOut(), OPENED), (Refresh(SESSION), CUT_OFF))
    before = book.doubtful_sessions

    book.blocked.add("jsmith")

    assert (before, book.doubtful_sessions) == (0, 1)


def test_what_an_administrator_released_was_not_closed():
    book = ledger((CheckOut(), OPENED))
    book.hear_of_release("a")
    book.hear(Exchange(DESKTOP, Close(SESSION, None), DONE, 30, 31))

    assert (book.ended(), book.deeds) == ({"released": 1}, {"session_released": 1})


def test_a_session_of_a_programs_own_id_is_counted_when_it_is_heard_of_at_last():
    own = CheckOut("a")
    book = ledger((own, CUT_OFF), (own, Answer(status=200, session=SESSION)))

    assert (book.opened, book.unheard_of_sessions) == (1, 0)


def test_a_session_that_goes_on_is_not_counted_twice():
    book = ledger((CheckOut("a"), OPENED), (CheckOut("a"), Answer(status=200, session=SESSION)))

    assert book.opened == 1


def test_what_was_closed_without_having_been_heard_of_stays_in_doubt():
    book = ledger((CheckOut("a"), CUT_OFF), (Close(SESSION, 5, serial_number="SERIAL"), DONE))

    compared = comparison.lines(book, records(ended={"closed": 1}))

    assert (book.ended(), book.unheard_of_sessions) == ({}, 1)
    assert comparison.complaints(compared) == []


def test_an_outdated_close_ends_nothing():
    late = Close(SESSION, ended_at=5, outdated_at=12)
    book = ledger((CheckOut("a"), OPENED), (late, DONE))

    assert (book.ended(), book.doubtful_sessions) == ({"": 1}, 0)


def test_a_close_outdated_within_a_second_may_have_ended_it():
    late = Close(SESSION, ended_at=5, outdated_at=5.5)
    book = ledger((CheckOut("a"), OPENED), (late, DONE))

    assert (book.ended(), book.doubtful_sessions) == ({"": 1}, 1)
