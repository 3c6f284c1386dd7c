"""The whole product, started and stopped as a person does it."""

import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import psycopg
import pytest

from devstack import ports
from devstack.data_dir import DataDir
from devstack.postgres import Postgres
from prove.ready import copy_tables
from tests.devstack import shell
from tests.devstack.left_over import nothing_is_left_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

DEVSTACK = [sys.executable, "-m", "devstack"]


@pytest.fixture
def environment(tmp_path):
    """What a person's shell has, with a folder and a port of the test's own."""
    return shell.variables() | {"DATA_DIR": str(tmp_path / "data"), "PORT": str(ports.free())}


LACKS_ONE_MIGRATION = """
    DROP TABLE django_session;
    DELETE FROM django_migrations WHERE app = 'sessions';
"""


@pytest.fixture
def is_behind(environment):
    """The demo's data are those of a version before: all migrations take five times as long."""
    with Postgres(DataDir(Path(environment["DATA_DIR"])).path) as postgres:
        copy_tables(shell.tests_database(), postgres.url)
        with psycopg.connect(postgres.url) as connection:
            connection.execute(LACKS_ONE_MIGRATION)


@pytest.mark.usefixtures("is_behind")
def test_runs_until_ctrl_c_and_leaves_nothing_behind(environment):
    demo = subprocess.Popen(
        [*DEVSTACK, "demo", "--days=1"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    block = read_until(demo.stdout, "Ctrl-C stops everything.")
    answer = urllib.request.urlopen(f"http://127.0.0.1:{environment['PORT']}/readyz")
    inside = subprocess.run(
        [*DEVSTACK, "manage", "demo --json"],
        env=environment,
        capture_output=True,
        text=True,
    )
    demo.send_signal(signal.SIGINT)
    rest, _ = demo.communicate(timeout=20)

    assert (answer.status, inside.returncode, demo.returncode) == (200, 0, 0), inside.stderr + rest
    for role in ("customer owner", "customer viewer", "support", "sales"):
        assert role in block
    assert nothing_is_left_of(environment["DATA_DIR"], seconds=2)


def read_until(stream, words):
    """The lines up to one with ``words``."""
    lines = []
    for line in stream:
        lines.append(line)
        if words in line:
            return "".join(lines)
    raise AssertionError("".join(lines))
