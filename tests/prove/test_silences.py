"""The time without answers that a report tells of each fault."""

from prove import silences
from prove.history import Fault, History
from tests.prove.histories import POOL, refused, request


def test_reaches_from_answer_to_answer_and_counts_no_request_to_come_again():
    records = [
        POOL,
        refused(sent=1000),
        Fault("disk gone", 1001, 1010),
        request("refresh", "a", sent=1002, status=503),
        refused(sent=1021.5),
        Fault("paused", 1030, 1040),
        refused(sent=1031),
        refused(sent=1033),
    ]

    assert silences.longest(History(records)) == {"disk gone": [21.0], "paused": [2.0]}


def test_one_that_nobody_answers_after_reaches_to_the_last_request():
    records = [
        POOL,
        refused(sent=1000),
        Fault("disk gone", 1001, 1010),
        request("refresh", "a", sent=1009, received=None),
    ]

    assert silences.longest(History(records)) == {"disk gone": [8.0]}


def test_without_faults_there_is_nothing_to_tell():
    assert silences.longest(History([POOL, refused(sent=1000)])) == {}
