from __future__ import annotations

import pytest

from licensing import clock, tasks
from licensing.models import UseOfHour
from licensing.usage.values import HOUR
from tests.licensing.usage.past import beginning, session_then


def test_counts_the_hours_of_a_range(run, pool):
    since = beginning()
    session_then(pool, since, since + HOUR)

    answer = run("roll_up", f"--since={since:%Y-%m-%dT%H:%MZ}", f"--until={since + HOUR}")

    assert (answer["hours"], answer["licences"]) == (1, 1)
    assert answer["seconds"] < 3
    assert UseOfHour.objects.get().hour == since


def test_counts_what_is_due(run, pool):
    session_then(pool, beginning(), beginning() + HOUR)

    assert run("roll_up")["hours"] == 3 * 24
    assert run("roll_up")["hours"] == 0


def test_the_worker_counts_what_is_due(pool):
    session_then(pool, beginning(), beginning() + HOUR)

    tasks.roll_up_use()
    tasks.roll_up_use()

    assert UseOfHour.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--since=yesterday"], "'yesterday' is not a time; write 2026-11-29"),
        (["--since=2026-11-29", "--until=2026-11-28"], "which is not after it begins"),
        (["--since=0001-01-01"], "is not a time of these centuries"),
        (["--until=2026-11-28"], "Say --since too"),
    ],
)
def test_nonsense_is_refused_in_a_line(refusal, arguments, says):
    said = refusal("roll_up", *arguments)

    assert says in said
    assert "\n" not in said


def test_a_range_of_the_future_has_no_hours(run, pool):
    session_then(pool, beginning(), beginning() + HOUR)
    tomorrow = clock.database_time() + 24 * HOUR

    assert run("roll_up", f"--since={tomorrow}", f"--until={tomorrow + HOUR}")["hours"] == 0
