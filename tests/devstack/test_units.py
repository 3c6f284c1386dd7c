"""Beats and the worker by the documented lines, and the units of all three processes."""

import re
import shutil
import subprocess
import sys
from contextlib import ExitStack

import pytest
from celery import Celery
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from config.beat import LOOKS_EVERY
from devstack import processes
from portal.models import Beat
from portal.upkeep import beating
from tests.devstack.documented import (
    BEAT,
    DOCS,
    WEB,
    WORKER,
    events_of,
    settings_of_an_operator,
    start,
)

pytestmark = pytest.mark.slow

LINES = {"worker": WORKER, "beat": BEAT, "another beat": BEAT}


@pytest.fixture(scope="module")
def environment(django_db_setup):
    return settings_of_an_operator() | {"LOG_FORMAT": "json"}


@pytest.fixture(scope="module")
def started(environment, tmp_path_factory):
    """The worker and two beats, which start beside one another, each with its log."""
    folder = tmp_path_factory.mktemp("logs")
    logs = {folder / name: line for name, line in LINES.items()}
    with ExitStack() as stack:
        begun = [(start(line, environment, log), log) for log, line in logs.items()]
        for process, _ in begun:
            stack.callback(processes.stop, process)
        yield begun


@pytest.mark.parametrize(("unit", "line"), [("web", WEB), ("worker", WORKER), ("beat", BEAT)])
def test_the_units_run_the_documented_lines(unit, line):
    text = (DOCS / "deploy" / f"licensing-{unit}.service").read_text()

    assert f"\nExecStart=/srv/licensing/.venv/bin/{line}\n" in text


def test_the_web_servers_unit_alone_reads_what_is_said_of_a_pooler():
    read = {
        unit: re.findall(
            r"^EnvironmentFile=(.+)",
            (DOCS / "deploy" / f"licensing-{unit}.service").read_text(),
            re.MULTILINE,
        )
        for unit in ("web", "worker", "beat")
    }

    everywhere = ["/etc/licensing.env"]
    assert read == {
        "web": [*everywhere, "-/etc/licensing-web.env"],
        "worker": everywhere,
        "beat": everywhere,
    }


def test_systemd_understands_the_units(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed")
    for unit in (DOCS / "deploy").glob("*.[st]*er*"):  # services and timers
        text = unit.read_text().replace("/srv/licensing/.venv/bin/licensing-portal", sys.executable)
        (tmp_path / unit.name).write_text(text)

    told = subprocess.run(
        ["systemd-analyze", "verify", *tmp_path.iterdir()], capture_output=True, text=True
    )

    assert (told.returncode, told.stderr) == (0, "")


@pytest.mark.django_db  # before the beats, which meanwhile begin
def test_the_worker_works_and_stops(environment, started):
    (worker, log), *_ = started
    with Celery(broker=environment["REDIS_URL"]) as broker:
        assert processes.wait_until(lambda: broker.control.ping(timeout=1, limit=1), seconds=60)
    worker.terminate()

    assert worker.wait(60) == 0
    assert "worker: Warm shutdown (MainProcess)" in events_of(log)


@pytest.mark.django_db(transaction=True)
def test_of_two_beats_the_second_takes_the_turn_of_one_that_was_killed_and_gives_it_back(started):
    _, *beats = started
    turns = Beat.objects.filter(held_until__gt=Now())
    assert processes.wait_until(lambda: turns.exists() and beats_that_look() == 2, seconds=60)
    holder = turns.get().holder
    (first, _), (second, log) = sorted(beats, key=lambda beat: not has_begun(beat[1]))

    first.kill()
    first.wait(60)
    turn = Beat.objects.annotate(lasts=F("held_until") - Now()).get()
    assert (turn.holder, turn.lasts <= beating.LASTS) == (holder, True)
    assert not has_begun(log)
    Beat.objects.update(held_until=Now())  # as it is by itself, so long after

    others = turns.exclude(holder=holder)
    assert processes.wait_until(others.exists, seconds=LOOKS_EVERY + 5)
    assert processes.wait_until(lambda: has_begun(log), seconds=10)
    second.terminate()
    assert second.wait(60) == 0
    assert not turns.exists()
    assert "beat_began" in events_of(log)


def has_begun(log):
    """Whether the beat that writes this log has had the turn."""
    return "beat_began" in log.read_text()


def beats_that_look():
    """How many processes have asked whose turn it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND query LIKE %s AND pid <> pg_backend_pid()",
            [f"%{Beat._meta.db_table}%"],
        )
        return cursor.fetchone()[0]
