"""Calls that one thread carries: what they ask goes together, and none suffers from another."""

from __future__ import annotations

import pytest

from licensing import carried
from licensing.group_commit import LEFT_OUT, GroupCommit


class Database:
    """Statements that find their own value; what happened, in order."""

    def __init__(self):
        self.events = []

    def run_alone(self, statement, values):
        return self.run_many_values([values])[0]

    def run_many(self, batch):
        return self.run_many_values([asked.values for asked in batch])

    def run_many_values(self, asked):
        own = [values["own"] for values in asked]
        if "bad" in own:
            raise ValueError("somebody's")
        self.events.append(("committed", own))
        return [LEFT_OUT if one == "locked" else one and (one,) for one in own]


@pytest.fixture
def database():
    return Database()


@pytest.fixture
def carry(database):
    """Carries calls that ask for their own, one statement after the other."""
    group = GroupCommit(database.run_many, database.run_alone)

    def call(wanted):
        for own in wanted:
            database.events.append(("goes on", group.run("", {"own": own})))

    return lambda *calls: carried.carry([lambda wanted=one: call(wanted) for one in calls])


def test_each_goes_on_with_its_own_row_after_the_commit(carry, database):
    assert carry("a", "b", "c") == [False] * 3
    assert database.events == [("committed", ["a", "b", "c"]),
                               *(("goes on", (own,)) for own in "abc")]  # fmt: skip


def test_what_is_asked_next_goes_together_too(carry, database):
    assert carry("ax", "b", "cy") == [False] * 3
    assert [own for what, own in database.events if what == "committed"] == [
        ["a", "b", "c"], ["x", "y"],
    ]  # fmt: skip


def test_what_is_left_out_takes_the_long_way(carry, database):
    assert carry("a", ["locked"], "c") == [False, True, False]
    assert ("goes on", ("a",)) in database.events


@pytest.mark.parametrize("calls", [["a", ["bad"]], [["bad"]]], ids=["two", "one"])
def test_all_take_it_when_their_statements_fail(calls, carry, database):
    assert carry(*calls) == [True] * len(calls)
    assert database.events == []


def test_what_a_call_raises_is_its_own(database, caplog):
    group = GroupCommit(database.run_many, database.run_alone)

    def fail():
        raise ValueError

    def ask():
        database.events.append(group.run("", {"own": "a"}))

    assert carried.carry([ask, fail, ask]) == [False] * 3
    assert database.events[1:] == [("a",), ("a",)]


def test_whatever_would_wait_takes_the_long_way_unless_something_was_done(database):
    group = GroupCommit(database.run_many, database.run_alone)
    ended = []

    def ask_and_wait(own):
        group.run("", {"own": own})
        carried.require_own_thread()
        ended.append(own)

    late = carried.carry([carried.require_own_thread, lambda: ask_and_wait(None),
                          lambda: ask_and_wait("done")])  # fmt: skip

    assert (late, ended) == ([True, True, False], ["done"])
