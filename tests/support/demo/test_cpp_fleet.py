"""``manage.py fleet --cpp``: programs over the C++ library, killed and cut off a real server."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command

from support.demo.fleet import computers, cpp_trial
from tests.client import cpp
from tests.client.driven import made_by
from tests.factories import make_client, make_session

served = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program():
    """The program, its threads watched."""
    return made_by(cpp.kit_of_threads)


def lived(trial, seconds):
    """What they did, in a thread of its own: browser tests leave an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, trial.live(seconds, show=lambda _: None)).result()
    return trial.did


@pytest.mark.slow
@served
def test_seats_agree_after_kills_and_lost_networks(program, live_server, tmp_path, monkeypatch):
    monkeypatch.setattr(
        cpp_trial, "KILLED", 0.8
    )  # some in their first life: a busy machine has one
    trial = cpp_trial.prepare(5, live_server.url, program, tmp_path)

    did = lived(trial, 1.5)

    assert trial.wrong == []
    assert trial.counted == [("while all are open", "4", "4"), ("once all are closed", "0", "0")]
    assert {"killed", "closed", "found licensed open -"} <= set(did)
    assert any(did[f"network {mood}"] for mood in cpp_trial.LOST)
    assert "longest end of a program, ms" in trial.tables()


@pytest.mark.slow
@served
def test_seat_of_nobody_is_told(program, live_server, tmp_path):
    trial = cpp_trial.prepare(2, live_server.url, program, tmp_path)
    make_session(trial.key, make_client(machine_name="GONE"))

    lived(trial, 0)

    told = "\n".join(trial.wrong)
    assert "1 sessions are nobody's" in told
    assert "1 seats did not come back, and 0 wait to be told." in told


@served
def test_says_so_where_there_is_no_compiler(live_server, monkeypatch):
    monkeypatch.setattr(computers.shutil, "which", lambda _: None)

    with pytest.raises(CommandError, match=r"There is no compiler, g\+\+ or clang\+\+"):
        call_command("fleet", "--cpp", "2", "--against", live_server.url)


@served
@pytest.mark.parametrize(
    ("others", "told"),
    [
        (["--desktops", "5"], "without --desktops."),
        (["--day", "60", "--seats", "2"], "without --day and --seats."),
    ],
)
def test_what_it_does_not_do_is_refused_in_words(live_server, others, told):
    with pytest.raises(CommandError, match=told):
        call_command("fleet", "--cpp", "2", "--against", live_server.url, *others)
