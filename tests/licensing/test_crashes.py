"""An act whose process dies at any moment has happened as a whole, or not at all.

To the database ``kill -9`` of a web worker, of Celery or of a command is a connection that
ends. So each act is cut off before its first statement, before its second, and so on up
to its commit. (`make prove` kills the real processes, at moments that nobody chooses.)
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from functools import partial

import pytest
from django.db import OperationalError, connection

from licensing import (
    batches,
    closed_ids,
    devices,
    emergency_seats,
    errors,
    included,
    invariants,
    keys,
    licences,
    planned_seats,
    sessions,
    stolen_keys,
)  # fmt: skip
from licensing.licences import Order
from licensing.models import (
    ClientSession,
    Feature,
    PlannedSeats,
    Seat,
)  # fmt: skip
from tests.factories import TESTER, make_client, make_pool, make_session, make_single_user
from tests.licensing.asked import check_out, close
from tests.licensing.cut_off import MOST_STATEMENTS, cut_before, half_done

__all__ = ["cut_before"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

STALE = dt.timedelta(hours=49)
SILENT = dt.timedelta(minutes=8)


def a_check_out_with_a_feature():
    key = make_pool(2, features=["4d:1"])
    return key.account, partial(sessions.check_out, key, make_client(features=("4d",)))


def a_check_out_of_a_stale_seat():
    key = make_pool(1)
    make_session(key, refreshed=STALE)
    return key.account, partial(sessions.check_out, key, make_client())


def a_silent_session(key, **details):
    """One whose person comes back in another OS session, as the client that is returned."""
    anna = {"machine_name": "CTX-01", "username": "ACME\\anna"} | details
    make_session(key, make_client(**anna, os_session="2"), refreshed=SILENT)
    return make_client(**anna, os_session="3")


def a_check_out_that_a_silent_session_makes_way_for():
    key = make_pool(1)
    return key.account, partial(sessions.check_out, key, a_silent_session(key))


def a_check_out_that_a_silent_session_gives_its_feature():
    key = make_pool(2, features=["4d:1"])
    return key.account, partial(sessions.check_out, key, a_silent_session(key, features=("4d",)))


def a_check_out_that_a_silent_session_makes_way_for_while_the_pool_drains():
    key = make_pool(2)
    client = a_silent_session(key)
    make_session(
        key,
        client=make_client(machine_name="CTX-01", username="ACME\\anna", os_session="4"),
        refreshed=SILENT,
    )
    licences.set_seats(key.licence, 1, by=TESTER)
    return key.account, partial(sessions.check_out, key, client)


def a_check_out_that_binds_a_device():
    key = make_single_user()
    return key.account, partial(sessions.check_out, key, make_client())


def a_return_of_a_reclaimed_session():
    key = make_pool(2, features=["4d:1"])
    session = make_session(key, make_client(features=("4d",)), refreshed=STALE)
    sessions.reclaim_stale()
    return key.account, partial(sessions.refresh, session.pk)


def a_release():
    key = make_pool(2)
    return key.account, partial(sessions.release, make_session(key), by=TESTER)


def a_close_of_a_draining_seat():
    key = make_pool(2)
    session, _ = make_session(key), make_session(key)
    licences.set_seats(key.licence, 1, by=TESTER)
    return key.account, partial(sessions.close, session.pk)


def a_close_with_a_feature_that_is_told_late():
    key = make_pool(2, features=["4d:1"])
    session = make_session(key, make_client(features=("4d",)), refreshed=STALE)
    at = session.refreshed_at + SILENT
    return key.account, partial(sessions.close, session.pk, ended_at=at)


def a_close_by_its_key_of_a_draining_seat():
    account, close = a_close_of_a_draining_seat()
    session_id = close.args[0]
    licence = ClientSession.objects.get(pk=session_id).licence
    return account, partial(sessions.close_of, licence, session_id)


def a_close_by_its_key_after_one_that_only_barred_the_id():
    """What a close leaves that dies when the check-out that it waited for is through."""
    key = make_pool(2)
    session = make_session(key)
    closed_ids.bar(key.licence, session.pk)
    return key.account, partial(sessions.close_of, key.licence, session.pk)


def a_lowered_limit():
    key = make_pool(4)
    make_session(key), make_session(key)
    return key.account, partial(licences.set_seats, key.licence, 1, by=TESTER)


def a_planned_change_whose_day_has_come():
    key = make_pool(4)
    make_session(key), make_session(key)
    today = key.licence.today
    row = planned_seats.plan(key.licence, 1, on=today + STALE, by=TESTER)
    PlannedSeats.objects.update(on=today)
    return key.account, partial(planned_seats.carry_out, row.pk)


def emergency_seats_that_are_given():
    key = make_pool(1)
    return key.account, partial(emergency_seats.give, key.licence, 2, hours=4, by=TESTER)


def emergency_seats_that_go_back():
    key = make_pool(1)
    row = emergency_seats.give(key.licence, 2, hours=4, by=TESTER)
    make_session(key), make_session(key)
    return key.account, partial(emergency_seats.end, row, by=TESTER)


def a_feature_that_is_limited():
    key = make_pool(4, features=["4d"])
    make_session(key, make_client(features=("4d",)))
    feature = Feature.objects.get(code="4d")
    return key.account, partial(included.put, key.licence, feature, seats=2, by=TESTER)


def a_feature_that_is_taken_away():
    key = make_pool(4, features=["4d:2"])
    make_session(key, make_client(features=("4d",)))
    feature = Feature.objects.get(code="4d")
    return key.account, partial(included.remove, key.licence, feature, by=TESTER)


def a_reissue():
    key = make_pool(1)
    return key.account, partial(keys.reissue, key, by=TESTER)


def an_end_of_all_sessions_of_a_key():
    key = make_pool(3)
    make_session(key), make_session(key)
    return key.account, partial(stolen_keys.end_sessions, key, by=TESTER)


def a_key_revoked_with_its_sessions():
    key = make_pool(3)
    make_session(key), make_session(key)
    return key.account, partial(stolen_keys.revoke, key, by=TESTER)


def a_move():
    key = make_single_user()
    return key.account, partial(devices.move, make_session(key).pk)


def a_reactivated_lease():
    key = make_single_user()
    order = Order(account_name=key.account.name, seats=1, name="Estimators")
    lease, _ = licences.take_over_lease(order, by=TESTER)
    return key.account, partial(licences.reactivate_lease, lease.licence, by=TESTER)


def check_outs_and_closes_that_share_a_commit():
    key = make_pool(3)
    closes = [close(make_session(key)) for _ in range(2)]
    check_outs = [check_out(key) for _ in range(2)]
    return key.account, partial(batches.as_one, [*check_outs, *closes])


ACTS = [
    a_check_out_with_a_feature,
    a_check_out_of_a_stale_seat,
    a_check_out_that_a_silent_session_makes_way_for,
    a_check_out_that_a_silent_session_gives_its_feature,
    a_check_out_that_a_silent_session_makes_way_for_while_the_pool_drains,
    a_check_out_that_binds_a_device,
    a_return_of_a_reclaimed_session,
    a_release,
    a_close_with_a_feature_that_is_told_late,
    a_close_of_a_draining_seat,
    a_close_by_its_key_of_a_draining_seat,
    a_close_by_its_key_after_one_that_only_barred_the_id,
    a_lowered_limit,
    a_planned_change_whose_day_has_come,
    emergency_seats_that_are_given,
    emergency_seats_that_go_back,
    a_feature_that_is_limited,
    a_feature_that_is_taken_away,
    a_reissue,
    an_end_of_all_sessions_of_a_key,
    a_key_revoked_with_its_sessions,
    a_move,
    a_reactivated_lease,
    check_outs_and_closes_that_share_a_commit,
]


@pytest.mark.parametrize("prepare", ACTS)
def test_is_done_as_a_whole_or_not_at_all(prepare, cut_before):
    assert half_done(prepare, cut_before) == []
    assert invariants.broken() == []


def cut_off_and_repeated(key, number, cut_before):
    """Whether a check-out opens a session after the close by key of its id was cut off before
    this statement, and is closed by the next; None when no statement was left to be cut."""
    client = dataclasses.replace(make_client(), session_id=uuid.uuid4())
    close = partial(sessions.close_of, key.licence, client.session_id)
    cut_before(number)
    try:
        close()
    except OperationalError:
        connection.close()
    else:
        return None
    finally:
        cut_before(0)

    try:
        _, is_opened = sessions.check_out(key, client)
    except errors.SessionEnded:
        is_opened = False
    close()
    return is_opened


def test_a_close_by_key_that_bars_an_id_is_finished_by_the_next(cut_before):
    key = make_pool(1)
    opened = []
    for number in range(1, MOST_STATEMENTS):
        is_opened = cut_off_and_repeated(key, number, cut_before)
        if is_opened is None:
            break
        opened.append(is_opened)
        assert not Seat.objects.held().exists()

    assert opened == sorted(opened, reverse=True)  # from the statement on that bars it, none is
    assert set(opened) == {True, False}


def test_control_without_its_transaction_it_is_left_half_done(cut_before):
    def a_lowered_limit_in_pieces():
        key = make_pool(4)
        not_atomic = licences.set_seats.__wrapped__
        return key.account, partial(not_atomic, key.licence, 1, by=TESTER)

    def plain_lock(licence_id):
        return licences.Licence.objects.get(pk=licence_id)

    with pytest.MonkeyPatch.context() as plant:
        plant.setattr(licences.pools, "lock", plain_lock)  # a lock needs a transaction
        plant.setattr(licences.limits, "fit", lambda licence: None)
        assert half_done(a_lowered_limit_in_pieces, cut_before) != []
