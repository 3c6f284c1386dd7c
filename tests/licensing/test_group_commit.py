"""Statements that go together: each gets its own answer, none before the commit, and whatever
becomes of the one that leads, nobody waits for it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import OperationalError

from devstack import processes
from licensing import group_commit
from licensing.group_commit import GroupCommit

SOON = 2


class Database:
    """Statements that find their own value. One that says "wait" runs until it is let go."""

    def __init__(self):
        self.batches = []
        self.running, self.let_go = threading.Event(), threading.Event()
        self.commits = threading.Event()
        self.commits.set()

    def run_alone(self, statement, values):
        if statement == "wait":
            self.running.set()
            self.let_go.wait(20)
        return (values["own"],)

    def run_many(self, batch):
        self.batches.append(len(batch))
        rows = [(asked.values["own"],) for asked in batch]
        self.commits.wait(20)
        return rows


@pytest.fixture
def threads():
    with ThreadPoolExecutor(10) as threads:
        yield threads


@pytest.fixture
def database(threads):
    database = Database()
    yield database
    database.let_go.set()
    database.commits.set()


@pytest.fixture
def patient(monkeypatch):
    """Nobody overtakes, however slow this machine is."""
    monkeypatch.setattr(group_commit, "SLOW_SECONDS", 6)


def behind_one_that_waits(group, database, threads, number=5):
    """So many statements that came while another runs."""
    first = threads.submit(group.run, "wait", {"own": "first"})
    assert database.running.wait(SOON)
    rest = [threads.submit(group.run, "", {"own": own}) for own in range(number)]
    return first, rest


def all_wait(group, number=5):
    return processes.wait_until(lambda: len(group.waiting) == number, seconds=SOON)


def test_what_comes_meanwhile_goes_together_and_each_gets_its_own(database, threads, patient):
    group = GroupCommit(database.run_many, database.run_alone)
    first, rest = behind_one_that_waits(group, database, threads)
    assert all_wait(group)

    database.let_go.set()

    assert first.result(SOON) == ("first",)
    assert [asked.result(SOON) for asked in rest] == [(own,) for own in range(5)]
    assert database.batches == [5]
    assert (group.leader, group.waiting) == (None, [])
    assert (group.counted.alone, group.counted.statements, group.counted.largest) == (1, 5, 5)


def test_nobody_is_answered_before_the_commit(database, threads, patient):
    group = GroupCommit(database.run_many, database.run_alone)
    first, rest = behind_one_that_waits(group, database, threads)
    assert all_wait(group)

    database.commits.clear()
    database.let_go.set()
    assert first.result(SOON) == ("first",)
    answered, _ = wait(rest, timeout=0.1)

    assert not answered
    database.commits.set()
    assert not wait(rest, timeout=SOON).not_done


@pytest.mark.parametrize("death", [OperationalError, ValueError, SystemExit])
def test_others_go_on_when_the_leader_dies(death, database, threads, patient):
    """Of whatever: a lost connection, a mistake of ours, the end of its thread."""

    def die(batch):
        raise death("of the leader")

    group = GroupCommit(die, database.run_alone)
    _, rest = behind_one_that_waits(group, database, threads)
    assert all_wait(group)

    database.let_go.set()
    wait(rest, timeout=SOON)

    lost = [asked for asked in rest if asked.done() and asked.exception()]
    assert len(lost) == (death is SystemExit)
    assert all(asked.done() for asked in rest)
    assert threads.submit(group.run, "", {"own": "next"}).result(SOON) == ("next",)


def test_a_leader_that_takes_long_is_overtaken(database, threads):
    group = GroupCommit(database.run_many, database.run_alone)
    first, rest = behind_one_that_waits(group, database, threads)

    assert [asked.result(SOON) for asked in rest] == [(own,) for own in range(5)]
    assert not first.done()
    assert group.counted.overtaken > 0
    assert (group.leader, group.waiting) == (None, [])


def test_a_batch_that_does_not_end_is_not_waited_for(database, threads, monkeypatch):
    """The API tells OperationalError as 503."""
    monkeypatch.setattr(group_commit, "SLOW_SECONDS", 0.3)
    monkeypatch.setattr(group_commit, "MOST_SECONDS", 0.1)
    group = GroupCommit(database.run_many, database.run_alone)
    database.commits.clear()
    _, rest = behind_one_that_waits(group, database, threads)

    assert processes.wait_until(lambda: sum(asked.done() for asked in rest) == 4, seconds=SOON)
    answered = [asked for asked in rest if asked.done()]
    assert [type(asked.exception()) for asked in answered] == [OperationalError] * 4
    assert group.counted.given_up == 4
