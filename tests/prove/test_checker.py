"""The checker finds what was planted, and nothing in a history without a fault."""

import pytest

from prove.history import UNNOTICED, Act, Fault, Pool, Sample, reason
from tests.prove.histories import (
    DATABASE,
    RECORDS,
    breaches,
    chain,
    closed,
    denial,
    granted,
    hold,
    request,
    row_of,
    seat,
    session_row,
)


def test_a_clean_history_passes():
    assert breaches(RECORDS, DATABASE) == []


def test_finds_a_pool_oversold_by_its_answers(database):
    records = [*RECORDS, granted("e", sent=1001, machine="PC-3")]
    database["sessions"].append(session_row("e", started=1001, ended=1001, why="closed"))

    assert "no pool over its limit" in breaches(records, database)


def test_finds_a_pool_oversold_by_the_times_of_its_sessions(database):
    cut = request("check_out", sent=1000, received=None)
    database["sessions"].append(session_row("e", started=1000, ended=1015, why="closed"))

    assert breaches([*RECORDS, cut], database) == ["no pool over its limit"]


def test_finds_a_pool_oversold_at_one_moment_that_was_looked_at():
    sample = Sample(at=1001, licence=1, seats=1, rows=2, held=2, draining=0, astray=0, active=2)

    assert breaches([*RECORDS, sample], DATABASE) == ["no pool over its limit"]


def test_finds_that_a_short_pool_gave_a_seat_that_was_not_stale(database):
    early = granted("e", sent=1000.6, licence=2, machine="PC-3")
    database["sessions"].append(
        session_row("e", started=1000.6, ended=1009, why="reclaimed", licence=2, machine="PC-3")
    )

    assert breaches([*RECORDS, early], database) == ["no pool over its limit"]


def test_finds_a_pool_that_grants_while_it_is_over_a_lowered_limit(database):
    wide = Pool(3, "Acme", "U", "concurrent", 2, None)
    lowered = Act(2, "set_seats", 3, 1002, 1003, "done", seats=1)
    records = [
        *RECORDS,
        wide,
        granted("e", sent=1000, licence=3, machine="PC-3"),
        lowered,
        granted("f", sent=1004, licence=3, machine="PC-4"),
    ]
    database["licences"].append({"id": 3, "seats": 1})
    database["seats"] += [
        seat(n, 3, session) | {"draining": True} for n, session in ((32, "e"), (33, "f"))
    ]
    database["sessions"] += [
        session_row("e", started=1000, licence=3, machine="PC-3"),
        session_row("f", started=1004, licence=3, machine="PC-4"),
    ]
    database["audit"] = chain("", reason(1), reason(2))

    assert breaches(records, database) == ["no pool over its limit"]


def test_finds_a_check_out_that_is_not_in_the_database(database):
    database["sessions"].remove(row_of(database, "a"))

    assert "no check-out lost" in breaches(RECORDS, database)


def test_finds_a_check_out_that_ended_without_being_asked_to(database):
    records = [record for record in RECORDS if record != closed("a", sent=1004)]

    assert "no check-out lost" in breaches(records, database)


def test_finds_a_seat_taken_back_before_it_was_stale(database):
    row_of(database, "c")["ended_at"] = 1001.0

    assert breaches(RECORDS, database) == ["no check-out lost"]


def test_finds_a_refresh_that_is_not_in_the_database(database):
    records = [*RECORDS, granted("a", sent=1003, status=200)]

    assert breaches(records, database) == ["no check-out lost"]


def test_finds_a_session_that_is_unknown_later(database):
    records = [
        *RECORDS,
        request("refresh", "d", sent=1011, licence=2, status=404, code="session_unknown"),
    ]

    assert breaches(records, database) == ["no check-out lost"]


"""A session that was refreshed ten seconds after it was opened."""


def test_finds_a_session_that_did_not_take_its_clients_own_id(database):
    records = [*RECORDS, granted("e", sent=1030, own="mine")]
    hold(database, session_row("e", started=1030))

    assert breaches(records, database) == ["no session that nobody asked for"]


def test_finds_a_lost_answer_that_opened_another_session_than_the_one_asked_for(database):
    cut = request("check_out", sent=1030, received=None, own="e")
    hold(database, session_row("f", started=1030))

    assert breaches([*RECORDS, cut], database) == ["no session that nobody asked for"]


def test_finds_an_id_that_opened_two_sessions(database):
    hold(database, session_row("e", started=1035))
    twice = [granted("e", sent=1030, own="e"), granted("e", sent=1035, own="e")]

    assert breaches([*RECORDS, *twice], database) == ["no session that nobody asked for"]


def test_a_lost_answer_that_is_repeated_is_the_same_session(database):
    cut = request("check_out", sent=1030, received=None, own="e")
    again = request("check_out", sent=1031, status=200, granted="e", own="e", server_time=1031.2)
    hold(database, session_row("e", started=1031))

    assert breaches([*RECORDS, cut, again], database) == []


@pytest.mark.parametrize(
    "plant",
    [
        lambda database: database["seats"].append(seat(22, 2, "d")),
        lambda database: database["seats"][0].update(session_id="d"),
        lambda database: database["seats"][0].update(session_id="a"),
        lambda database: database["seats"][1].update(session_id=None),
        lambda database: database["seats"].pop(0),
        lambda database: database["feature_seats"].append(database["feature_seats"][0]),
        lambda database: database["feature_seats"][0].update(session_id="c"),
    ],
    ids=["two seats", "another's", "an ended one", "no seat", "lost", "feature", "feature held"],
)
def test_finds_seats_that_are_not_free_or_held_once(database, plant):
    plant(database)

    assert breaches(RECORDS, database) == ["every seat free or held once"]


def test_finds_a_seat_that_had_a_wrong_holder_at_one_moment():
    sample = Sample(at=1001, licence=1, seats=1, rows=1, held=1, draining=0, astray=1, active=0)

    assert breaches([*RECORDS, sample], DATABASE) == ["every seat free or held once"]


@pytest.mark.parametrize(
    "denials",
    [
        [],
        [denial(2)],
        [denial(code="key_invalid")],
        [denial(), denial()],
        [denial(folded_from=1.0)],
    ],
    ids=["none", "too many", "another code", "not folded", "at an odd time"],
)
def test_finds_refusals_that_are_not_recorded_as_they_were(database, denials):
    database["denials"] = denials

    assert breaches(RECORDS, database) == ["every refusal recorded"]


def test_a_request_whose_answer_was_cut_off_may_have_been_refused(database):
    cut = request("check_out", sent=1003, machine="PC-2", received=None)
    database["denials"] = [denial(2)]

    assert breaches([*RECORDS, cut], database) == []


@pytest.mark.parametrize(
    "plant",
    [
        lambda audit: audit.pop(0),
        lambda audit: audit[0].update(actor_name="somebody else"),
        lambda audit: audit[1].update(number=3),
        lambda audit: audit[0]["details"].update(before=2),
        lambda audit: audit.pop(),
    ],
    ids=["deleted", "changed", "gap", "detail", "acknowledged and lost"],
)
def test_finds_a_broken_audit_chain(database, plant):
    plant(database["audit"])

    assert breaches(RECORDS, database) == ["the audit chain whole"]


def test_finds_an_error_of_the_server(database):
    records = [*RECORDS, request("close", "a", sent=1005, status=500)]

    assert breaches(records, database) == ["no error of the server"]


@pytest.mark.parametrize("what", UNNOTICED)
@pytest.mark.parametrize(
    ("about", "is_found"),
    [
        ({}, True),
        ({"status": 503, "received": 1002.5}, True),
        ({"cut": True}, False),
        ({"sent": 1004}, False),
    ],
    ids=["no answer", "told to come again", "cut by its client", "afterwards"],
)
def test_finds_a_request_that_a_restart_dropped(database, what, about, is_found):
    restart = Fault(what, 1001, 1003)
    unanswered = request("refresh", "a", **{"sent": 1002, "received": None} | about)

    found = breaches([*RECORDS, restart, unanswered], database)

    assert found == ["no request dropped by a restart"] * is_found
