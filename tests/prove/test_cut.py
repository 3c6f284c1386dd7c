"""What a drill takes for known at its moment, and what it tells of that which came after."""

from prove.drill import cut
from prove.history import Act, Fault, Sample
from tests.prove.histories import POOL, closed, granted, refused, released, session_row

MOMENT = 1000.0
EARLY = [
    POOL,
    Fault("broker killed", 999),
    granted("a", sent=990),
    Act(1, "release", 1, 991, 992, "done", session="a"),
]
LATE = [
    Fault("broker killed", 1001),
    Sample(at=1001, licence=1, seats=1, rows=1, held=0, draining=0, astray=0, active=0),
    granted("c", sent=1001),
    granted("d", sent=1002),
    closed("a", sent=1003),
    refused(sent=1004),
    released("c", sent=1005),
]


def test_what_was_answered_by_then_is_known_and_what_was_asked_since_is_not():
    assert list(cut.known_at(MOMENT, [*EARLY, *LATE])) == EARLY


def test_what_was_under_way_may_have_been_done_or_not():
    asked, acted = granted("b", sent=999.7), Act(2, "release", 1, 999, 1001, "done", session="a")

    request, act = cut.known_at(MOMENT, [asked, acted])

    assert (request.status, request.granted, request.received) == (None, None, None)
    assert act.outcome == "unknown"


def test_rows_of_after_the_moment_are_found():
    rows = {
        "sessions": [session_row("a", started=990), session_row("c", started=1001)],
        "audit": [],
    }

    assert list(cut.later(MOMENT, rows)) == ["session c is of after the moment"]


def test_what_is_lost_is_told_with_what_it_means_to_programs():
    restored = {"sessions": [session_row("a", started=990)]}

    assert cut.lost(MOMENT, [*EARLY, *LATE, closed("d", sent=1006)], restored) == {
        "check_out": 2,
        "close": 2,
        "release by an administrator": 1,
        "programs that check out again": 1,
        "seats held by what had been closed": 1,
    }
