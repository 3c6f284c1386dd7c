from __future__ import annotations

import pytest
from django.core.management import call_command

from licensing import clock
from licensing.usage import roll_up
from licensing.usage.values import HOUR, hour_of
from tests.factories import make_session
from tests.licensing.usage.histories import minutes
from tests.licensing.usage.past import beginning, limits_were, refused_then, session_then


def stamp(moment) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture
def used(pool):
    """Two people for half an hour each, the second of them for the last seat, and one in vain."""
    since = beginning()
    limits_were(pool, since - HOUR, 1, 2)
    session_then(pool, since, since + minutes(30))
    session_then(pool, since + minutes(15), since + minutes(45), person="ben")
    refused_then(pool, since + minutes(20))
    return pool


def usage(run, key, *more, hours=2):
    since = beginning()
    return run(
        "usage", key.serial_number, f"--since={stamp(since)}",
        f"--until={stamp(since + hours * HOUR)}", *more,
    )  # fmt: skip


@pytest.mark.parametrize("is_rolled_up", [False, True])
def test_tells_each_hour(run, used, is_rolled_up):
    if is_rolled_up:
        roll_up.roll_up(used.licence)

    idle = {
        "start": stamp(beginning() + HOUR), "peak": 0, "mean": 0.0, "limit": 2,
        "seconds_at_limit": 0.0, "people": 0, "machines": 0, "true_denials": 0,
    }  # fmt: skip
    busy = {
        "start": stamp(beginning()), "peak": 2, "mean": 1.0, "limit": 2,
        "seconds_at_limit": 900.0, "people": 2, "machines": 2, "true_denials": 1,
    }  # fmt: skip
    assert usage(run, used) == {"hours": [busy, idle]}


@pytest.mark.parametrize(
    ("seats", "people", "days"), [(1, 2, 1), (2, 1, 1), (3, 0, 0), (10**9, 0, 0)]
)
def test_tells_whom_another_number_would_have_refused(run, used, seats, people, days):
    found = usage(run, used, f"--seats={seats}")["what_if"]

    assert (found["refused_people"], found["refused_days"]) == (people, days)


def test_tells_the_hour_that_is_not_over(run, pool):
    make_session(pool)
    now = clock.database_time()

    told = run("usage", pool.serial_number, f"--since={now}", f"--until={now + 5 * HOUR}")

    assert [(hour["start"], hour["peak"]) for hour in told["hours"]] == [(stamp(hour_of(now)), 1)]


def test_speaks_to_people(used, capsys):
    since = beginning()

    call_command(
        "usage", used.serial_number, f"--since={stamp(since)}", f"--until={stamp(since + HOUR)}",
        "--seats=1",
    )  # fmt: skip

    _heading, _columns, line, what_if, today = capsys.readouterr().out.splitlines()
    assert line.split() == [f"{since:%Y-%m-%d}", f"{since:%H:%M}", "2", "2", "1.00", "15.0", "2",
                            "2", "1"]  # fmt: skip
    assert what_if == "1 seat would have meant 2 refusals of 2 people on 1 day."
    assert today == "As it is today: 2 seats would have meant 1 refusal of 1 person on 1 day."


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--since=2026-11-29", "--until=2026-11-28"], "which is not after it begins"),
        (["--since=2016-11-29", "--until=2026-11-29"], "at most 1830 are told at once"),
        (["--since=noon", "--until=2026-11-29"], "'noon' is not a time"),
        (["--since=2026-11-28", "--until=2026-11-29", "--seats=-1"], "There cannot be -1 seats"),
        (["--since=2026-11-28", "--until=2026-11-29", "--seats=ten"], "not a whole number"),
    ],
)
def test_nonsense_is_refused_in_a_line(refusal, pool, arguments, says):
    said = refusal("usage", pool.serial_number, *arguments)

    assert says in said
    assert "\n" not in said
