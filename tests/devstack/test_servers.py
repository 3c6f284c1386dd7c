"""The embedded servers, started for real by a process of their own."""

import os
import shutil
import signal
import subprocess
import sys

import psycopg
import pytest

from devstack import postgres
from tests.devstack.left_over import nothing_is_left_of, processes_of

pytestmark = pytest.mark.slow

START_AND_WAIT = """
import os, signal, sys
from pathlib import Path
from devstack import environment
from devstack.__main__ import Stopped, stop_on_signals

signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup may run the tests
stop_on_signals()
try:
    with environment.servers(Path(os.environ["DATA_DIR"]), {}) as variables:
        print(variables["DATABASE_URL"], flush=True)
        signal.pause()
except Stopped:
    pass
"""

KILL_AND_GO_ON = """
import os, signal
from pathlib import Path
import psycopg, redis
from devstack import demo, environment

with environment.running(Path(os.environ["DATA_DIR"]), {}, durable=False) as running:
    for server in running.servers.values():
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
    demo.start_the_killed_again(running.servers)
    with psycopg.connect(running.variables["DATABASE_URL"]) as connection:
        print(*connection.execute("SELECT 1").fetchone())
    print(redis.from_url(running.variables["REDIS_URL"]).ping())
"""

STOP_BY_SIGNAL = """
import os, signal, sys
from devstack.__main__ import Stopped, stop_on_signals

signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup may run the tests
stop_on_signals()
try:
    os.kill(os.getpid(), int(sys.argv[1]))
    signal.pause()
except Stopped:
    print("Stopped")
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A folder with a cluster that is new; making one takes longer than all else here."""
    home = tmp_path_factory.mktemp("cluster")
    with postgres.Postgres(home, durable=False):
        return home


@pytest.fixture
def start(cluster, tmp_path):
    """Starts a process that runs the servers; returns it and the database's URL."""
    shutil.copytree(cluster, tmp_path, dirs_exist_ok=True)
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-c", START_AND_WAIT],
            env=os.environ | {"DATA_DIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process, process.stdout.readline().strip()

    yield start
    for process in started:
        process.terminate()
        process.communicate()


def test_keep_what_was_committed_when_their_runner_is_killed(start, tmp_path):
    """And end with it: whatever is acknowledged is on the disk."""
    runner, url = start()
    with psycopg.connect(url) as connection:
        settings = [connection.execute(f"SHOW {name}").fetchone() for name in postgres.NOT_DURABLE]
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    assert settings == [("on",)] * 3
    os.kill(runner.pid, signal.SIGKILL)
    runner.wait()
    assert nothing_is_left_of(tmp_path)

    _, url = start()

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (1,)


def test_are_started_again_by_the_demo_when_they_were_killed(cluster, tmp_path):
    shutil.copytree(cluster, tmp_path, dirs_exist_ok=True)

    told = subprocess.run(
        [sys.executable, "-c", KILL_AND_GO_ON],
        env=os.environ | {"DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert told.stdout.splitlines() == [
        "PostgreSQL had ended (signal SIGKILL) and was started again.",
        "Valkey had ended (signal SIGKILL) and was started again.",
        "1",
        "True",
    ], told.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_kill_and_a_closed_terminal_stop_in_order(number):
    stopped = subprocess.run(
        [sys.executable, "-c", STOP_BY_SIGNAL, str(int(number))], capture_output=True, text=True
    )

    assert stopped.stdout == "Stopped\n", stopped.stderr


def test_end_with_their_runner_that_is_told_to_end(start, tmp_path):
    runner, _ = start()
    assert len(processes_of(tmp_path)) > 3  # the runner, the broker, the database's several

    runner.terminate()
    runner.wait()

    assert nothing_is_left_of(tmp_path)


def test_a_process_that_got_the_number_of_a_server_is_not_taken_for_one(tmp_path):
    assert not postgres.is_server(os.getpid(), tmp_path)


START_CRASH_AND_START_AGAIN = """
import os
from pathlib import Path
import psycopg, redis
from devstack.postgres import Postgres
from devstack.valkey import Valkey

home = Path(os.environ["DATA_DIR"])
with Postgres(home) as postgres, Valkey(home) as valkey:
    with psycopg.connect(postgres.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    for server in (postgres, valkey):
        server.crash()
        server.start_again()
    with psycopg.connect(postgres.url) as connection:
        print(connection.execute("SELECT number FROM kept").fetchone())
    print(redis.Redis.from_url(valkey.url).ping())
"""


def test_start_again_at_the_same_address_after_a_crash(cluster, tmp_path):
    shutil.copytree(cluster, tmp_path, dirs_exist_ok=True)

    printed = subprocess.run(
        [sys.executable, "-c", START_CRASH_AND_START_AGAIN],
        env=os.environ | {"DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert printed.stdout == "(1,)\nTrue\n", printed.stderr
