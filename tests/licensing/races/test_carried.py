"""Hot calls that one thread carries, with real transactions."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import close_old_connections, connection, transaction

from licensing import batches, sessions
from licensing.models import ClientSession, Denial, Seat
from tests.factories import make_client, make_pool, make_session
from tests.licensing.races.together import LONG_WAY, carried_by_one, carrying, held_seats

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pool():
    return make_pool(9)


@pytest.fixture
def held(pool):
    """Sessions of one pool, in no order."""
    return [make_session(pool, make_client(machine_name=f"PC-{n}")) for n in range(6)]


def is_open(session):
    return ClientSession.objects.active().filter(pk=session.pk).exists()


def refresh(session):
    return partial(sessions.refresh, session.pk)


def check_out(key, **details):
    return partial(
        sessions.check_out_with_key, key.serial_number, key.plain, make_client(**details)
    )


def test_each_is_told_of_its_own_and_all_of_it_is_done(pool, held):
    counted = batches.REFRESHES.counted, batches.SEATS.counted
    before = [group.batches for group in counted]
    new = [f"NEW-{n}" for n in range(3)]

    outcomes = carried_by_one(
        *map(refresh, held[2:]),
        *(partial(sessions.close, one.pk) for one in held[:2]),
        *(check_out(pool, machine_name=name) for name in new),
    )

    assert [grant.session_id for grant in outcomes[:4]] == [one.pk for one in held[2:]]
    assert [grant.machine_name for grant, _ in outcomes[6:]] == new
    assert [is_open(one) for one in held] == [False] * 2 + [True] * 4
    assert held_seats(pool) == 7
    assert [group.batches for group in counted] == [count + 1 for count in before]


def test_what_needs_a_closer_look_takes_the_long_way_and_nothing_is_done_for_it(pool, held):
    sessions.close(held[0].pk)
    full = make_pool(1)
    make_session(full, make_client(machine_name="FIRST"))
    wrong = make_pool(1)
    wrong.plain = pool.plain

    outcomes = carried_by_one(
        refresh(held[0]), partial(sessions.close, held[0].pk), check_out(full), check_out(wrong),
        check_out(pool, machine_name="PC-1", username=held[1].username), refresh(held[1]),
    )  # fmt: skip

    assert outcomes[:5] == [LONG_WAY] * 5
    assert outcomes[5].session_id == held[1].pk
    assert not Denial.objects.exists()
    assert held_seats(pool) == 5


def test_a_bad_one_sends_those_beside_it_the_long_way_and_leaves_nothing(pool):
    outcomes = carried_by_one(check_out(pool), check_out(pool, machine_name="too long" * 99))

    assert outcomes == [LONG_WAY] * 2
    assert held_seats(pool) == 0


@pytest.mark.parametrize("beside", [1, 0], ids=["in a batch", "alone"])
def test_nobody_waits_for_a_row_that_somebody_has(beside, held):
    """While this test's own transaction has it."""
    with transaction.atomic():
        list(ClientSession.objects.select_for_update().filter(pk=held[0].pk))
        list(Seat.objects.select_for_update().filter(session=held[0].pk))
        refreshed = carried_by_one(*map(refresh, held[: beside + 1]))
        closed = carried_by_one(partial(sessions.close, held[0].pk))

    assert refreshed[0] == LONG_WAY
    assert LONG_WAY not in refreshed[1:]
    assert closed == [LONG_WAY]


HANG_UP = "SELECT pg_terminate_backend(%s)"


def test_a_lost_connection_loses_no_call(held):
    with carrying() as carry:
        assert LONG_WAY not in carry(*map(refresh, held))
        lost = carry(lambda: connection.connection.info.backend_pid)
        with connection.cursor() as cursor:
            cursor.execute(HANG_UP, lost)
        assert carry(*map(refresh, held)) == [LONG_WAY] * len(held)
        carry(close_old_connections)
        assert LONG_WAY not in carry(*map(refresh, held))
