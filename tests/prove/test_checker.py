"""The checker finds what was planted, and nothing in a history without a fault."""

import copy
import datetime as dt

import pytest

from prove import checker, promises
from prove.history import Act, History, Pool, Request, Sample, reason

POOL = Pool(
    licence=1,
    account="Acme",
    serial_number="S",
    usage_model="concurrent",
    seats=1,
    reclaim_after=None,
)
SHORT = Pool(
    licence=2,
    account="Acme",
    serial_number="T",
    usage_model="concurrent",
    seats=1,
    reclaim_after=2.0,
)


def request(verb, session=None, *, sent, machine="PC-1", licence=1, **answer):
    answer = {"received": sent + 0.5} | answer
    return Request(
        client=1,
        verb=verb,
        licence=licence,
        machine=machine,
        username="anna",
        session=session,
        sent=sent,
        **answer,
    )


def granted(session, *, sent, status=201, **about):
    asked = None if status == 201 else session
    verb = "check_out" if status == 201 else "refresh"
    about = {"server_time": sent + 0.2} | about
    return request(verb, asked, sent=sent, status=status, granted=session, **about)


def refused(*, sent, **about):
    return request("check_out", sent=sent, status=409, code="pool_exhausted", **about)


def closed(session, *, sent, **about):
    return request("close", session, sent=sent, status=204, **about)


def released(session, *, sent):
    return Act(1, "release", 1, sent, sent + 0.5, "done", session=session)


def session_row(session, *, started, ended=None, why="", licence=1, machine="PC-1"):
    return {
        "id": session,
        "licence_id": licence,
        "machine_name": machine,
        "username": "anna",
        "end_reason": why,
        "started_at": started + 0.2,
        "refreshed_at": started + 0.2,
        "ended_at": ended and ended + 0.2,
    }


def seat(number, licence=1, session=None):
    return {"id": number, "licence_id": licence, "session_id": session, "draining": False}


def denial(count=1, **about):
    return {
        "licence_id": 1,
        "code": "pool_exhausted",
        "machine_name": "PC-2",
        "username": "anna",
        "count": count,
        "folded_from": 600.0,
    } | about


def chain(*reasons):
    entries, before = [], "0" * 64
    for number, why in enumerate(reasons, start=1):
        entry = dict.fromkeys(
            ("actor_kind", "actor_id", "actor_name", "action", "object_kind", "object_id"), "x"
        ) | {
            "account_id": 7,
            "number": number,
            "at": dt.datetime(2026, 11, 24, 12, number, tzinfo=dt.UTC),
            "object_name": "x",
            "reason": why,
            "details": {"before": 1},
        }
        before = entry["digest"] = promises.digest(entry, before)
        entries.append(entry)
    return entries


RECORDS = [
    POOL,
    SHORT,
    granted("a", sent=1000),
    refused(sent=1002, machine="PC-2"),
    closed("a", sent=1004),
    granted("b", sent=1006, machine="PC-2"),
    granted("c", sent=1000, licence=2),
    granted("d", sent=1010, licence=2, machine="PC-2"),
    released("b", sent=1020),
    Sample(at=1001, licence=1, seats=1, rows=1, held=1, draining=0, astray=0, active=1),
]
DATABASE = {
    "licences": [{"id": 1, "seats": 1}, {"id": 2, "seats": 1}],
    "seats": [seat(11), seat(21, licence=2, session="d")],
    "sessions": [
        session_row("a", started=1000, ended=1004, why="closed"),
        session_row("b", started=1006, ended=1020, why="released", machine="PC-2"),
        session_row("c", started=1000, ended=1010, why="reclaimed", licence=2),
        session_row("d", started=1010, licence=2, machine="PC-2"),
    ],
    "features": [{"id": 31, "licence_id": 2, "seats": 1, "code": "4d"}],
    "feature_seats": [{"id": 41, "licence_feature_id": 31, "session_id": "d"}],
    "denials": [denial()],
    "audit": chain("", reason(1)),
}


def breaches(records, database):
    """The promises that the checker finds broken."""
    found = checker.check(History(records), database)
    return [promise for promise, several in found.items() if several]


@pytest.fixture
def database():
    return copy.deepcopy(DATABASE)


def row_of(database, session):
    return next(row for row in database["sessions"] if row["id"] == session)


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


def test_finds_a_close_that_is_undone(database):
    row_of(database, "a").update(ended_at=None, end_reason="")
    database["seats"][0]["session_id"] = "a"

    assert "no close lost" in breaches(RECORDS, database)


def test_finds_a_close_after_which_the_session_could_come_back(database):
    records = [*RECORDS, closed("c", sent=1012, licence=2)]

    assert breaches(records, database) == ["no close lost"]


def test_finds_a_close_by_key_that_is_undone(database):
    records = [*RECORDS, granted("e", sent=1030, own="e"), closed("e", sent=1032, by_key=True)]
    hold(database, session_row("e", started=1030))

    assert breaches(records, database) == ["no close lost"]


def test_finds_a_close_by_key_that_is_undone_of_what_was_never_heard_of(database):
    cut = request("check_out", sent=1030, received=None, own="e")
    hold(database, session_row("e", started=1030))

    records = [*RECORDS, cut, closed("e", sent=1040, by_key=True)]

    assert breaches(records, database) == ["no close lost"]


def test_a_close_by_key_may_name_what_was_not_there_or_came_later(database):
    cut = request("check_out", sent=1030, received=None, own="e")
    hold(database, session_row("e", started=1030))

    records = [
        *RECORDS,
        cut,
        closed("e", sent=1030.1, by_key=True),
        closed("never", sent=1031, by_key=True),
    ]

    assert breaches(records, database) == []


KEPT = [granted("e", sent=1030), granted("e", sent=1040, status=200)]
"""A session that was refreshed ten seconds after it was opened."""


def test_finds_a_late_close_that_ended_what_went_on(database):
    late = closed("e", sent=1050, ended_at=1035.0)
    ended = session_row("e", started=1040, ended=1050, why="closed")
    database["sessions"].append(ended | {"started_at": 1030.2})

    assert breaches([*RECORDS, *KEPT, late], database) == ["no check-out lost"]


def test_a_late_close_that_changed_nothing_is_no_close(database):
    late = closed("e", sent=1050, ended_at=1035.0)
    hold(database, session_row("e", started=1040) | {"started_at": 1030.2})

    assert breaches([*RECORDS, *KEPT, late], database) == []


def test_finds_a_close_told_late_that_is_undone(database):
    late = closed("e", sent=1050, ended_at=1045.0)
    hold(database, session_row("e", started=1040) | {"started_at": 1030.2})

    assert breaches([*RECORDS, *KEPT, late], database) == ["no close lost"]


@pytest.mark.parametrize(
    "second",
    [
        request("refresh", "e", sent=1046, received=None),
        request("check_out", sent=1046, received=None),
        granted("e", sent=1046, status=200),
    ],
    ids=["a refresh was cut off", "a check-out was cut off", "it was kept"],
)
def test_a_close_told_late_may_have_come_after_what_kept_the_session(database, second):
    late = closed("e", sent=1050, ended_at=1045.0)
    hold(database, session_row("e", started=1046) | {"started_at": 1030.2})

    assert breaches([*RECORDS, *KEPT, second, late], database) == []


def hold(database, row):
    """Let a session hold the seat of the first pool."""
    database["sessions"].append(row)
    database["seats"][0]["session_id"] = row["id"]


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


@pytest.mark.parametrize(("session", "sent"), [("a", 1005), ("b", 1021)])
def test_finds_a_session_that_is_granted_after_its_end(database, session, sent):
    machine = "PC-1" if session == "a" else "PC-2"
    row_of(database, session)["refreshed_at"] = sent + 0.2
    records = [*RECORDS, granted(session, sent=sent, status=200, machine=machine)]

    assert breaches(records, database) == ["no ended session revived"]


def test_finds_a_released_session_that_ended_otherwise(database):
    row_of(database, "b")["end_reason"] = "closed"
    records = [*RECORDS, closed("b", sent=1030, machine="PC-2")]

    assert breaches(records, database) == ["no ended session revived"]


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
