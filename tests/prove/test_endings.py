"""The checker finds what was planted into closes, late ones too, releases and what came after."""

import pytest

from tests.prove.histories import (
    RECORDS,
    breaches,
    closed,
    granted,
    hold,
    request,
    row_of,
    session_row,
)


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
