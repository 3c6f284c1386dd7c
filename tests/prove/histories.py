"""Histories and databases for the checker: without a fault, and parts to plant one."""

import datetime as dt

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


def row_of(database, session):
    return next(row for row in database["sessions"] if row["id"] == session)


def hold(database, row):
    """Let a session hold the seat of the first pool."""
    database["sessions"].append(row)
    database["seats"][0]["session_id"] = row["id"]
