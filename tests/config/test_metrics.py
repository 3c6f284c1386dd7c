"""Monitoring is told what happens, at its own door alone, and no names."""

from __future__ import annotations

import fcntl
import json
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import pytest
from django.db import connection

from config import counted, metrics
from config.settings import METRICS
from devstack import ports, processes
from portal.upkeep import figures, secret_ages
from tests.api.desktop import SESSIONS, order
from tests.config.serving import asked, serving
from tests.factories import make_pool, make_session

TOKEN = "a-long-random-token-of-monitoring"


@pytest.fixture(autouse=True)
def nothing_read_yet(monkeypatch):
    """No figures are kept of another test."""
    monkeypatch.setattr(figures, "kept", figures.Kept())


def told():
    """What monitoring is told, by name and labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in metrics.everything().collect()
        for sample in family.samples
    }


def test_without_a_setting_there_is_no_such_address(client, db):
    assert METRICS is False
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("sent", ["", TOKEN, f"Bearer {TOKEN}x", "Bearer ", "Bearer ü"])
def test_it_is_told_to_who_sends_the_token_and_to_nobody_else(rf, db, settings, sent):
    settings.METRICS_TOKEN = TOKEN

    answer = metrics.metrics(rf.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}))

    assert b"licensing_seats{state=" in answer.content
    with pytest.raises(metrics.Http404):
        metrics.metrics(rf.get("/metrics", headers={"Authorization": sent}))


@pytest.mark.django_db(transaction=True)
def test_answers_are_counted_by_call_and_status_and_refusals_by_code(settings):
    key, full = make_pool(5), make_pool(1)
    make_session(full)
    requests = [asked(SESSIONS, json.dumps(order(one)).encode()) for one in (key, full)]
    requests.append(asked("/healthz", b"", "GET"))
    before = told()

    with serving(settings, counted.Counted) as ask:
        ask(*requests)

    after = told()
    for name in (
        ("licensing_request_seconds_count", "check_out", "201"),
        ("licensing_request_seconds_count", "check_out", "409"),
        ("licensing_request_seconds_count", "health", "200"),
        ("licensing_refusals_total", "check_out", "pool_exhausted"),
    ):
        assert after[name] == before.get(name, 0) + 1


def test_the_calls_that_are_counted_are_few():
    of_session = f"{SESSIONS}/{'0' * 8}-0000-0000-0000-{'0' * 12}"
    for method, path, name in (
        ("POST", SESSIONS, "check_out"),
        ("POST", f"{of_session}/refresh", "refresh"),
        ("DELETE", of_session, "close"),
        ("DELETE", f"{of_session}/device", "client_api"),
        ("GET", "/api/v1/account/licences", "customer_api"),
        ("GET", "/licences/7/", "pages"),
    ):
        assert counted.call_of(method, path) == name


def test_the_figures_tell_how_the_service_stands(db, settings, tmp_path):
    settings.BACKUP_MARK = tmp_path / "done"
    settings.BACKUP_MARK.touch()
    make_session(make_pool(3))
    secret_ages.note()

    found = told()

    assert [found["licensing_seats", state] for state in ("held", "draining", "free")] == [1, 0, 2]
    assert (found["licensing_sessions", "active"], found["licensing_sessions", "held"]) == (1, 0)
    assert 0 <= found["licensing_secret_age_seconds", "LEASE_SIGNING_KEYS", "1"] < 60
    parts = ("database", "broker", "backup")
    assert [found["licensing_answers", part] for part in parts] == [1, 1, 1]
    assert found.keys() >= {("licensing_stale_seats",), ("licensing_queue_oldest_seconds",)}


def test_of_very_many_rows_a_sample_is_read(db, monkeypatch):
    make_session(make_pool(3))
    assert figures.sample_of(100_000, 10**7) == ("", 1)
    assert figures.sample_of(10**7, 2 * 10**7) == ("TABLESAMPLE SYSTEM (0.500000)", 200)

    monkeypatch.setattr(figures, "sample_of", lambda *sizes: ("TABLESAMPLE SYSTEM (100)", 2))
    found = told()

    assert (found["licensing_sessions", "active"], found["licensing_seats", "free"]) == (2, 4)


REPLICATION = """
    CREATE TEMP VIEW pg_stat_replication AS
    SELECT 'a' AS application_name, 'streaming' AS state, interval '2 s' AS replay_lag,
           pg_current_wal_lsn() AS replay_lsn
    UNION ALL SELECT 'pg_basebackup', 'backup', NULL, NULL
"""


def test_a_backup_that_is_being_taken_is_no_standby(db):
    with connection.cursor() as cursor:
        cursor.execute(REPLICATION)

    found = told()

    assert found["licensing_standby_lag_seconds", "a"] == 2
    assert ("licensing_standby_lag_bytes", "pg_basebackup") not in found


def test_a_part_that_does_not_answer_hides_no_other(db, no_cache):
    found = told()

    assert (found["licensing_answers", "broker"], found["licensing_answers", "database"]) == (0, 1)
    assert ("licensing_queue_tasks",) not in found


@pytest.fixture
def address(settings, monkeypatch, tmp_path):
    """An address of our own, at which one question is answered."""
    monkeypatch.setattr(metrics.Server, "serve_forever", metrics.Server.handle_request)
    monkeypatch.setattr(metrics, "PATIENCE", 0.01)
    settings.METRICS_FOLDER, settings.METRICS_ADDRESS = tmp_path, ("127.0.0.1", ports.free())
    return settings.METRICS_ADDRESS


def is_told_at(address):
    """Whether our figures are."""
    try:
        with urllib.request.urlopen("http://{}:{}/".format(*address), timeout=5) as answer:
            return b"licensing_answers" in answer.read()
    except urllib.error.URLError:
        return False


HAS_ITS_TURN = """
import fcntl, sys
with open(sys.argv[1], "w") as turn:
    fcntl.lockf(turn, fcntl.LOCK_EX)
    print(flush=True)
    input()
"""


def test_one_process_tells_and_when_it_has_ended_the_next(db, address, monkeypatch):
    asks, lockf = threading.Event(), fcntl.lockf
    monkeypatch.setattr(metrics.fcntl, "lockf", lambda *how: asks.set() or lockf(*how))
    other = [sys.executable, "-c", HAS_ITS_TURN, metrics.turn_at(*address)]

    with subprocess.Popen(other, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        first.stdout.readline()
        metrics.serve()
        assert asks.wait(5)
        assert not is_told_at(address)
        first.kill()

    assert processes.wait_until(lambda: is_told_at(address), seconds=10)


def test_an_address_that_another_program_has_is_left_to_it_and_said(db, address, caplog):
    with socket.create_server(address, reuse_port=True):
        metrics.serve()
        assert processes.wait_until(lambda: caplog.records, seconds=5)

    [said] = [record.msg for record in caplog.records]
    assert (said["setting"], said["error"]) == ("METRICS_ADDRESS", "Address already in use")
    assert processes.wait_until(lambda: is_told_at(address), seconds=10)
