"""The runner, in a process of its own: it forks, which beside pytest's threads is unsafe."""

import os
import subprocess
import sys

from tests.devstack.left_over import nothing_is_left_of

RUN = """
import os, sys
from devstack.errors import StackError
from devstack import runner as runners
from devstack.runner import Runner

runners.SETTLED = 0.5
with Runner() as runner:
    for name, script in zip(sys.argv[1::2], sys.argv[2::2]):
        runner.start(name, ["sh", "-c", script], os.environ, respawn=name == "worker")
    try:
        runner.forward(seconds=30)
    except StackError as error:
        print(error, flush=True)
"""


def run(data_dir, **scripts):
    """Run shell scripts by name until one ends; return what is printed."""
    words = [word for name, script in scripts.items() for word in (name, script)]
    return subprocess.run(
        [sys.executable, "-c", RUN, *words],
        env=os.environ | {"DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        timeout=25,
        check=True,
    ).stdout


def test_names_who_said_a_line_and_who_has_ended(tmp_path):
    assert run(tmp_path, web="echo hello; exit 3", beat="sleep 60") == (
        "web    | hello\nweb has ended (exit status 3).\n"
    )


def test_ends_the_others_and_what_they_started_when_one_ends(tmp_path):
    run(tmp_path, web="sleep 60 & sleep 60", beat="sleep 0.2; kill -9 $$")

    assert nothing_is_left_of(tmp_path, seconds=1)


def test_starts_again_what_was_killed_and_ends_what_it_had_started(tmp_path):
    mark = tmp_path / "again"
    once = f"[ -e {mark} ] && echo back && exit; touch {mark}; sleep 60 & kill -9 $$"

    printed = run(tmp_path, worker=once)

    assert printed.splitlines() == [
        "worker | signal SIGKILL: started again",
        "worker | back",
        "worker has ended (exit status 0).",
    ]


def test_starts_again_what_gave_up_after_a_while(tmp_path):
    mark = tmp_path / "again"
    once = f"[ -e {mark} ] && echo back && exit; touch {mark}; sleep 0.6; exit 1"

    printed = run(tmp_path, worker=once)

    assert printed.splitlines() == [
        "worker | exit status 1: started again",
        "worker | back",
        "worker has ended (exit status 0).",
    ]


def test_prints_what_is_said_while_stopping(tmp_path):
    politely = "trap 'echo bye; exit' TERM; echo ready; while :; do sleep 0.05; done"

    printed = run(tmp_path, web=politely, beat="sleep 0.5")

    assert printed.splitlines()[-1] == "web    | bye"
