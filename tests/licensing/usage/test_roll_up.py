"""Hours are counted once, and again when a late fact changes them."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licensing import clock
from licensing.models import (
    ClientSession,
    Denial,
    Feature,
    Hold,
    LateFact,
    UseCounted,
    UseOfHour,
)
from licensing.usage import facts, reading, roll_up
from licensing.usage.sweep import hours
from licensing.usage.values import HOUR, hour_of
from tests.factories import make_pool, make_session
from tests.licensing.usage.histories import minutes
from tests.licensing.usage.past import (
    beginning,
    close_late,
    limits_were,
    refused_then,
    session_then,
)

pytestmark = pytest.mark.django_db

FIGURES = ("hour", *roll_up.FIGURES)
LENGTH = 40 * 60
sessions = st.lists(
    st.tuples(st.integers(0, LENGTH), st.integers(1, 900), st.sampled_from(["ann", "ben", "cay"])),
    min_size=1,
    max_size=8,
)


def rows(key) -> list[dict]:
    return list(UseOfHour.objects.filter(licence=key.licence).order_by("hour").values(*FIGURES))


def counted(key) -> list[dict]:
    roll_up.roll_up(key.licence)
    return rows(key)


def from_scratch(key) -> list[dict]:
    UseOfHour.objects.all().delete()
    UseCounted.objects.all().delete()
    return counted(key)


@contextmanager
def undone():
    """What is done here is as if it had not been."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def make_past(key, made) -> list[ClientSession]:
    since = beginning()
    limits_were(key, since - HOUR, 2, 3, 2)
    refused_then(key, since + minutes(30))
    return [
        session_then(key, since + minutes(at), since + minutes(at + length), person=person)
        for at, length, person in made
    ]


def test_a_row_has_the_figures_of_its_hour(pool):
    since = beginning()
    limits_were(pool, since - HOUR, 2, 3)
    session_then(pool, since + minutes(10), since + minutes(50))
    session_then(pool, since + minutes(20), since + minutes(40), person="ben")
    refused_then(pool, since + minutes(30))
    refused_then(pool, since + minutes(31), code="access_blocked")

    assert counted(pool) == [
        {
            "hour": since, "peak": 2,
            "peak_00": 1, "peak_15": 2, "peak_30": 2, "peak_45": 1,
            "seat_seconds": 3600.0, "seconds_at_limit": 0.0, "seats": 3,
            "people": 2, "machines": 2, "true_denials": 1, "transient_denials": 0,
            "repeats": 0, "policy_refusals": 1, "entitlement_refusals": 0, "key_refusals": 0,
        }
    ]  # fmt: skip


def test_hours_without_use_have_no_row(pool):
    since = beginning()
    session_then(pool, since, since + minutes(5))
    session_then(pool, since + 9 * HOUR, since + 9 * HOUR + minutes(5))

    assert [row["hour"] for row in counted(pool)] == [since, since + 9 * HOUR]


def test_the_last_two_days_are_left_for_later(pool):
    make_session(pool, refreshed=dt.timedelta(hours=60))

    last = counted(pool)[-1]["hour"]

    settled = hour_of(clock.database_time() - roll_up.SETTLED_AFTER)
    assert settled - 2 * HOUR <= last < settled
    assert UseCounted.objects.get().until == last + HOUR


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sessions)
def test_a_second_time_changes_nothing(pool, made):
    with undone():
        make_past(pool, made)
        first = counted(pool)

        keys = set(UseOfHour.objects.values_list("pk", flat=True))
        roll_up.roll_up(pool.licence, beginning() - HOUR, clock.database_time())

        settled = UseCounted.objects.get().until
        assert [row for row in rows(pool) if row["hour"] < settled] == first
        assert keys <= set(UseOfHour.objects.values_list("pk", flat=True))


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sessions, st.integers(0, 900), st.integers(0, 7))
def test_after_a_late_fact_it_is_as_if_it_had_always_been_known(pool, made, earlier, which):
    with undone():
        past = make_past(pool, made)
        roll_up.roll_up(pool.licence)
        close_late(past[which % len(past)], earlier=minutes(earlier))

        again = counted(pool)

        assert not LateFact.objects.exists()
        assert again == from_scratch(pool)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sessions, st.integers(0, 60), st.booleans())
def test_what_is_told_is_what_the_facts_say(pool, made, late, is_late):
    """Whether rolled up or not: all, some or none of it."""
    with undone():
        past = make_past(pool, made)
        since, until = beginning(6), clock.database_time()
        roll_up.roll_up(pool.licence)
        if is_late:
            close_late(past[0], earlier=minutes(late))

        told = list(reading.hours_of(pool.licence, since, until))

        range_ = hour_of(since), hour_of(until) + HOUR
        assert told == list(hours(*facts.read(pool.licence, *range_), *range_))
        assert all(hour.peak <= len(made) for hour in told)


def test_a_late_fact_that_nobody_has_counted_yet_is_told(pool):
    since = beginning()
    session = session_then(pool, since, since + 3 * HOUR)
    roll_up.roll_up(pool.licence)
    close_late(session, earlier=2 * HOUR)

    told = reading.hours_of(pool.licence, since, since + 3 * HOUR)

    assert [hour.peak for hour in told] == [1, 0, 0]


def test_a_late_fact_of_another_range_stays_marked(pool):
    since = beginning()
    session = session_then(pool, since, since + 3 * HOUR)
    roll_up.roll_up(pool.licence)
    close_late(session, earlier=2 * HOUR)

    roll_up.roll_up(pool.licence, since + 2 * HOUR, since + 3 * HOUR)

    assert LateFact.objects.exists()
    assert [row["hour"] for row in rows(pool)] == [since, since + HOUR]


def test_a_late_fact_from_before_the_range_stays_marked(pool):
    since = beginning()
    session = session_then(pool, since, since + 3 * HOUR)
    roll_up.roll_up(pool.licence)
    close_late(session, earlier=2 * HOUR)

    roll_up.roll_up(pool.licence, since + 2 * HOUR, clock.database_time())

    assert LateFact.objects.exists()


def test_hours_that_are_not_final_are_not_taken_for_counted(pool):
    make_session(pool, refreshed=dt.timedelta(hours=60))

    roll_up.roll_up(pool.licence, beginning(), clock.database_time())

    settled = hour_of(clock.database_time() - roll_up.SETTLED_AFTER)
    assert UseCounted.objects.get().until == settled


def test_hours_of_which_facts_are_deleted_stay_as_they_are(pool, settings):
    since = beginning()
    session_then(pool, since, since + HOUR)
    before = counted(pool)
    ClientSession.objects.all().delete()
    settings.KEEP_HISTORY_DAYS = 3

    roll_up.roll_up(pool.licence, since - HOUR, clock.database_time())

    assert rows(pool) == before


def test_a_range_beyond_what_is_counted_leaves_no_gap_that_is_believed(pool):
    since = beginning()
    roll_up.roll_up(pool.licence)
    UseCounted.objects.update(until=since)
    session_then(pool, since + HOUR, since + 2 * HOUR)
    session_then(pool, since + 9 * HOUR, since + 10 * HOUR)

    roll_up.roll_up(pool.licence, since + 9 * HOUR, since + 10 * HOUR)

    assert UseCounted.objects.get().until == since
    told = reading.hours_of(pool.licence, since, since + 10 * HOUR)
    assert [hour.peak for hour in told] == [0, 1, 0, 0, 0, 0, 0, 0, 0, 1]


def test_a_limited_feature_has_hours_of_its_own(db):
    key = make_pool(5, features=["4d:1"])
    since = beginning()
    session = session_then(key, since, since + 2 * HOUR)
    feature = Feature.objects.get(code="4d", product=key.licence.product)
    Hold.objects.create(
        licence=key.licence, feature=feature, session=session.pk,
        held_since=since + minutes(30), held_until=since + HOUR,
    )  # fmt: skip

    roll_up.roll_up(key.licence)

    of_feature = UseOfHour.objects.filter(feature=feature)
    assert list(of_feature.values_list("hour", "peak", "seat_seconds")) == [(since, 1, 1800.0)]
    assert UseOfHour.objects.filter(feature=None).count() == 2


def test_nobody_is_named(pool):
    columns = {field.name for field in UseOfHour._meta.fields}

    assert not columns & {"person", "machine", "username", "machine_name", "session", "identity"}


def test_denials_that_ended_well_are_none(pool):
    since = beginning()
    refused_then(pool, since, person="ann")
    session_then(pool, since + minutes(5), since + HOUR)

    (row,) = counted(pool)

    assert (row["true_denials"], row["transient_denials"]) == (0, 1)
    assert Denial.objects.count() == 1
