"""Seats change from a date on by themselves, once, and emergency seats go back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F
from django.db.models.functions import Now

from licensing import audit, emergency_seats, errors, licences, planned_seats, sessions
from licensing.models import Account, AuditEntry, Licence, PlannedSeats
from licensing.tasks import change_planned_seats
from tests.factories import (
    TESTER,
    days_from_today,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)

pytestmark = pytest.mark.django_db

ANNA = audit.Actor("support", "7", "Anna Kowalski")


def planned(licence, seats=12, days=2, **kept):
    with audit.kept_for_staff(audit.ForStaff(**kept)):
        return planned_seats.plan(
            licence, seats, on=days_from_today(days), by=ANNA, reason="Order 1."
        )


def given(licence, added=3, hours=4):
    return emergency_seats.give(licence, added, hours=hours, by=ANNA, reason="A bid.")


def make_due(row):
    """As if its day, or its end, had come."""
    if row.on:
        PlannedSeats.objects.filter(pk=row.pk).update(on=F("on") - dt.timedelta(days=3))
    else:
        PlannedSeats.objects.filter(pk=row.pk).update(until=Now() - dt.timedelta(hours=9))


def seats_of(licence):
    return Licence.objects.get(pk=licence.pk).seats


def test_is_carried_out_once_however_late_and_often_it_is_tried(pool):
    row = planned(pool.licence, ticket="OPS-1", is_quiet=True)
    assert planned_seats.carry_out(row.pk) is False
    before = seats_of(pool.licence)
    make_due(row)

    change_planned_seats()
    licences.set_seats(pool.licence, 5, by=TESTER)
    change_planned_seats()

    assert (before, seats_of(pool.licence)) == (2, 5)
    first, _second = AuditEntry.objects.filter(action="seats_changed").order_by("pk")
    assert (first.actor_name, first.reason, first.details) == (
        "Anna Kowalski", "Order 1.", {"before": 2, "after": 12},
    )  # fmt: skip
    assert (first.ticket, first.is_quiet) == ("OPS-1", True)


def test_its_day_begins_where_the_account_is(pool):
    now = dt.datetime.now(dt.UTC)
    row = planned(pool.licence)
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        Account.objects.update(time_zone=zone)
        today = pool.account.__class__.objects.get().local(now).date()
        PlannedSeats.objects.update(on=today + dt.timedelta(days=1))
        assert not PlannedSeats.objects.due().exists()
        PlannedSeats.objects.update(on=today)
        assert PlannedSeats.objects.due().get() == row


def test_what_is_cancelled_or_closed_is_not_carried_out(pool):
    row = planned(pool.licence)
    planned_seats.cancel(row, by=ANNA)
    with pytest.raises(errors.AlreadyDone):
        planned_seats.cancel(row, by=ANNA)
    other = planned(pool.licence, seats=7)
    licences.set_state(pool.licence, "closed", by=TESTER)
    for one in (row, other):
        make_due(one)

    change_planned_seats()

    assert (seats_of(pool.licence), PlannedSeats.objects.open().count()) == (2, 0)


@pytest.mark.parametrize(
    ("seats", "days"), [(0, 2), (-1, 2), (10**9, 2), (5, 0), (5, -3), (5, 99_999)]
)
def test_what_cannot_be_planned_is_refused(pool, seats, days):
    with pytest.raises(errors.InvalidOperation):
        planned(pool.licence, seats, days)

    assert not PlannedSeats.objects.exists()


def test_one_day_has_one_change(pool):
    planned(pool.licence)

    with pytest.raises(errors.InvalidOperation, match="12 seats planned"):
        planned(pool.licence, 13)


def test_emergency_seats_let_more_people_start_and_drain_at_their_end():
    key = make_pool(2)
    row = given(key.licence, added=2)
    held = [make_session(key) for _ in range(4)]
    make_due(row)

    change_planned_seats()
    change_planned_seats()

    assert seats_of(key.licence) == 2
    assert [sessions.refresh(one.pk).session_id for one in held] == [one.pk for one in held]
    for one in held[:2]:
        sessions.close(one.pk)
        with pytest.raises(errors.PoolExhausted):
            sessions.check_out(key, make_client())
    sessions.close(held[2].pk)
    make_session(key)


@pytest.mark.parametrize(
    ("between", "left"),
    [
        (lambda licence: None, 10),
        (lambda licence: licences.set_seats(licence, 12, by=TESTER), 12),
        (lambda licence: licences.set_seats(licence, 1, by=TESTER), 1),
        (lambda licence: (make_due(planned(licence, 7)), change_planned_seats()), 7),
        (lambda licence: Licence.objects.update(seats=2), 1),
    ],
)
def test_what_goes_back_is_what_was_added_and_one_seat_stays(between, left):
    licence = make_pool(10).licence
    row = given(licence)
    assert seats_of(licence) == 13
    between(licence)

    emergency_seats.end(row, by=ANNA)

    assert seats_of(licence) == left
    with pytest.raises(errors.AlreadyDone):
        emergency_seats.end(row, by=ANNA)


def test_emergency_seats_come_on_top_of_what_is_ordered_meanwhile():
    licence = make_pool(10).licence
    given(licence)

    licences.set_seats(licence, 12, by=TESTER)

    assert seats_of(licence) == 15


def test_emergency_seats_that_cannot_be_are_refused(pool):
    wrong = [(3, 0), (3, 73), (0, 4), (-1, 4), (10**6, 4)]
    for added, hours in wrong:
        with pytest.raises(errors.InvalidOperation):
            given(pool.licence, added, hours)
    with pytest.raises(errors.InvalidOperation, match="no pool"):
        given(make_single_user().licence)
    given(pool.licence)
    with pytest.raises(errors.InvalidOperation, match="has emergency seats already"):
        given(pool.licence, 1)

    assert seats_of(pool.licence) == 5


def test_one_that_cannot_be_keeps_no_other_waiting():
    full, other = make_pool(10).licence, make_pool(10).licence
    given(full)
    for licence, seats in ((full, 100_000), (other, 8)):
        make_due(planned(licence, seats))

    change_planned_seats()

    assert (seats_of(full), seats_of(other)) == (13, 8)


def test_the_limit_before_a_day_is_what_is_planned_last_until_then(pool):
    given(pool.licence)
    cancelled = planned(pool.licence, 90, days=4)
    planned_seats.cancel(cancelled, by=ANNA)
    planned(pool.licence, 50, days=6)
    planned(pool.licence, 33, days=3)
    licence = Licence.objects.get()
    before = {None: 2, 3: 2, 4: 33, 6: 33, 7: 50}
    for days, seats in before.items():
        on = days and days_from_today(days)
        assert planned_seats.limit_before(licence, on) == seats, days


def test_they_are_called_by_the_times_of_their_account(pool):
    licence = pool.licence
    Account.objects.filter(pk=licence.account_id).update(time_zone="Asia/Tokyo")
    row = given(licence)
    row.until = dt.datetime(2026, 11, 30, 18, 2, tzinfo=dt.UTC)
    row.licence = Licence.objects.get()
    change = PlannedSeats(licence=row.licence, on=dt.date(2026, 12, 5), seats=1200)

    assert str(row).endswith(": 3 more until Tue 1 Dec 2026, 03:02 JST")
    assert str(change).endswith(": 1,200 from Sat 5 Dec 2026")
