from __future__ import annotations

from licensing import keys, sessions
from licensing.models import ClientSession
from tests.factories import TESTER, make_client, make_pool, make_session


def stamp(moment) -> str | None:
    """A moment as JSON tells it: RFC 3339, in UTC, to the millisecond."""
    return moment and moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_tells_who_holds_a_seat(run, pool):
    session = make_session(pool, make_client(machine_name="CAD-017", username="ACME\\jsmith"))

    answer = run("list_sessions", pool.serial_number)

    assert answer == {
        "sessions": [
            {
                "id": str(session.pk),
                "machine_name": "CAD-017",
                "username": "ACME\\jsmith",
                "state": "active",
                "started_at": stamp(session.started_at),
                "refreshed_at": stamp(session.refreshed_at),
                "reclaim_at": stamp(session.reclaim_at),
            }
        ]
    }


def test_lists_the_whole_licence_and_only_open_sessions(run, pool):
    second_key, _ = keys.issue(pool.licence, by=TESTER)
    mine, other = make_session(pool), make_session(second_key)
    ended = make_session(make_pool())
    sessions.close(ended.pk)
    make_session(make_pool())

    answer = run("list_sessions", pool.serial_number)

    assert [session["id"] for session in answer["sessions"]] == [str(other.pk), str(mine.pk)]


def test_nobody_is_an_empty_list(run, pool):
    sessions.close(make_session(pool).pk)

    assert run("list_sessions", pool.serial_number) == {"sessions": []}
    assert ClientSession.objects.exists()
