"""How fast a year of use is rolled up, and in how much memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from django.db import connection

from bench import estate

POOLS = 40
DENIALS_OF_POOL = 250
AT_ONCE = 25_000
"""So many sessions are made by one statement, which may not take long on a busy machine."""

# A year of working days, of eleven hours in which sessions of up to eight hours begin.
A_YEAR = """
    INSERT INTO licensing_clientsession (
        id, account_id, licence_id, key_id, identity, machine_name, username, os_session, machine,
        person, version, features, started_at, refreshed_at, grace_until, ended_at, end_reason
    )
    SELECT gen_random_uuid(), %(account)s, %(licence)s, %(key)s, gen_random_uuid(), 'PC-' || n,
        'BENCH\\' || n, '', 'pc-' || n, 'bench\\' || n, '16', '{}', began, began,
        began + interval '48 h', began + random() * interval '8 h', 'closed'
    FROM (
        SELECT number %% 2000 AS n, date_trunc('day', now()) - number %% 365 * interval '1 day'
            - interval '4 days' + interval '7 h' + random() * interval '11 h' AS began
        FROM generate_series(%(first)s, %(last)s) number
    ) session
"""


# As many days apart as make a year, and limits from before it.
A_YEAR_OF_DENIALS = """
    INSERT INTO licensing_denial (
        account_id, licence_id, key_id, code, identity, machine_name, username, version,
        folded_from, count, first_at, last_at, seats, in_use
    )
    SELECT %(account)s, %(licence)s, %(key)s, 'pool_exhausted', gen_random_uuid(), 'PC-' || n,
        'BENCH\\' || n, '16', at, 1, at, at + interval '1 minute', %(seats)s, %(seats)s
    FROM (
        SELECT n, now() - n * interval '365 days' / %(denials)s AS at
        FROM generate_series(1, %(denials)s) n
    ) refused
"""
LIMITS_BEFORE = """
    UPDATE licensing_limitchange SET since = now() - interval '380 days'
    WHERE licence_id = %(licence)s
"""


def measure(sessions: int) -> dict[str, float]:
    """Make so many sessions of a year, and let the operators' command count them."""
    with estate.indexed_at_last("licensing_clientsession"):
        for number in range(POOLS):
            make_year(f"A year {number}", sessions // POOLS)
    estate.vacuum()
    answer, megabytes = rolled_up()
    estate.vacuum()
    return {
        "sessions of a year rolled up": sessions,
        "hours of licences counted": answer["hours"],
        "seconds to roll them up": answer["seconds"],
        "sessions rolled up a second": sessions / answer["seconds"],
        "roll-up, most memory, MB": megabytes,
    }


def make_year(name: str, sessions: int) -> None:
    """A pool with so many sessions in the last year, which is full now and then."""
    seats = 15 + sessions // 1500
    key, _ = estate.issue(name, seats)
    of = {"account": key.account_id, "licence": key.licence_id, "key": key.pk, "seats": seats}
    with connection.cursor() as cursor:
        for number in range(0, sessions, AT_ONCE):
            numbers = {"first": number + 1, "last": min(number + AT_ONCE, sessions)}
            cursor.execute(A_YEAR, of | numbers)
        cursor.execute(A_YEAR_OF_DENIALS, of | {"denials": DENIALS_OF_POOL})
        cursor.execute(LIMITS_BEFORE, of)


def rolled_up() -> tuple[dict[str, float], float]:
    """What the command answers, and how many megabytes its process had at most."""
    command = [sys.executable, "manage.py", "roll_up", "--json", "--skip-checks"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=dict(os.environ)) as process:
        assert process.stdout
        answer = json.loads(process.stdout.read())
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return answer, used.ru_maxrss / 1024
