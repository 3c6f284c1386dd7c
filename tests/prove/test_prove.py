"""A short run of the whole: the product under every fault, recorded and checked."""

import json
import subprocess
import sys

import pytest

from tests.devstack import shell
from tests.devstack.left_over import nothing_is_left_of

SHORTLY = ["--faults=4", "--between-faults=0.6", "--clients=12", "--pools=28", "--seed=19"]
"""With this seed the first four faults are one of each kind."""


@pytest.mark.slow
@pytest.mark.django_db
def test_every_promise_is_kept_under_every_fault(tmp_path):
    data_dir, report = tmp_path / "data", tmp_path / "prove.json"
    data_dir.mkdir()

    run = subprocess.run(
        [
            sys.executable, "-m", "prove", *SHORTLY,
            f"--like={shell.tests_database()}", f"--data-dir={data_dir}", f"--json={report}",
        ],
        env=shell.variables() | {"DATA_DIR": str(data_dir)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip

    assert run.returncode == 0, run.stdout
    assert json.loads(report.read_text())["faults"].keys() == {
        "Celery worker killed",
        "PostgreSQL stopped at once",
        "broker killed",
        "web worker killed",
    }
    assert nothing_is_left_of(data_dir, seconds=2)
