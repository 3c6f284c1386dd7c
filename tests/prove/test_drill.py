"""A short drill: the database is lost under load, and all of the moment is there again."""

import subprocess
import sys

import pytest

from tests.devstack import shell

SHORTLY = ["--way=pg_basebackup", "--seconds=0.6", "--clients=6", "--pools=14"]


@pytest.mark.slow
@pytest.mark.django_db
def test_nothing_older_than_the_moment_is_lost():
    told = subprocess.run(
        [sys.executable, "-m", "prove.drill", *SHORTLY, f"--like={shell.tests_database()}"],
        env=shell.variables(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )

    assert told.returncode == 0, told.stdout
