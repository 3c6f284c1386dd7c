"""The whole engine against its model; and proof that the machine would see a fault."""

from __future__ import annotations

import contextlib
import uuid

import pytest
from django.db import DatabaseError, connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from licensing import (
    denials,
    entitlements,
    errors,
    features,
    history,
    identity,
    limits,
    partitions,
    pool_statements,
    pools,
    rules,
    sessions,
    statements,
)
from licensing.models.closed_ids import ClosedIdQuerySet
from licensing.models.sessions import ClientSessionQuerySet
from support.demo.desktops import clocks
from tests.licensing.engine.people import Engine
from tests.licensing.faults import changed, refresh_that_revives, without

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NEVER_TOO_SLOW = {"suppress_health_check": list(HealthCheck)}


@pytest.fixture(autouse=True)
def _history_of_a_day(settings, monkeypatch):
    """What ended a day ago becomes history, in one part that is made but once."""
    settings.HISTORY_AFTER_DAYS = 1
    monkeypatch.setattr(partitions, "make", lambda *_, **__: None)
    with connection.cursor() as cursor:
        for table in (history.SESSIONS.table, history.DENIALS.table):
            cursor.execute(f"CREATE TABLE {table}_1 PARTITION OF {table} DEFAULT")


@pytest.fixture(autouse=True)
def _our_clock():
    """The database's clock is the machine's."""
    with clocks.simulated():
        yield


def test_answers_as_the_model_does():
    run_state_machine_as_test(Engine, settings=settings(**NEVER_TOO_SLOW))


def a_refresh_that_revives(plant):
    plant.setattr(statements, "REFRESH", refresh_that_revives())


def a_refresh_that_asks_no_rule(plant):
    refresh = changed(statements.REFRESH, statements.SESSION_IS_ALLOWED, "TRUE")
    plant.setattr(statements, "REFRESH", refresh)


def a_limit_that_is_only_raised(plant):
    plant.setattr(limits, "remove_free_seats", lambda licence, number: 0)


def a_device_that_knows_no_limit(plant):
    plant.setattr(pools, "in_use", lambda licence: 0)


def a_reclaim_of_what_is_not_stale(plant):
    for name in ("RECLAIM", "RECLAIM_FROM_LICENCE"):
        early = "session.reclaim_at - interval '5 min' <="
        eager = changed(getattr(pool_statements, name), "session.reclaim_at <=", early)
        plant.setattr(pools, name, eager)


def a_close_that_believes_every_clock(plant):
    text = statements.GIVE_BACK
    start, end = text.index("GREATEST("), text.index("FROM held WHERE")
    told = "COALESCE(%(ended_at)s::timestamptz, statement_timestamp()) "
    plant.setattr(pools, "GIVE_BACK", text[:start] + told + text[end:])


def a_late_close_that_ends_what_goes_on(plant):
    unguarded = without(statements.GIVE_BACK, "AND COALESCE(", "RETURNING session.id")
    plant.setattr(pools, "GIVE_BACK", unguarded)


def a_late_close_that_ends_what_may_come_back(plant):
    plant.setattr(ClientSessionQuerySet, "not_heard_of_since", lambda rows, _: rows)


def an_id_that_is_forgotten(plant):
    values = pools.session_values
    plant.setattr(
        pools, "session_values", lambda client: values(client) | {"session": uuid.uuid4()}
    )


def an_id_that_is_over_told_as_a_full_pool(plant):
    plant.setattr(entitlements, "require_new_id", lambda key, client: None)


def a_key_that_closes_whatever_it_names(plant):
    def close_of(licence, session_id, *, ended_at=None):
        with contextlib.suppress(errors.SessionUnknown):
            sessions.close(session_id, ended_at=ended_at)

    plant.setattr(sessions, "close_of", close_of)


def a_closed_id_that_is_forgotten(plant):
    plant.setattr(ClosedIdQuerySet, "remember", lambda *_: None)


def a_refresh_that_is_asked_for_too_late(plant):
    text = changed(statements.REFRESH, statements.REFRESH_AFTER, "300")
    plant.setattr(statements, "REFRESH", text)


def a_refusal_that_is_forgotten(plant):
    plant.setattr(denials, "record", lambda *_: None)


def a_release_without_a_record(plant):
    plant.setattr(
        sessions, "release",
        lambda session, by: pools.give_back(session.pk, sessions.EndReason.RELEASED),
    )  # fmt: skip


def a_block_that_is_only_written_down(plant):
    plant.setattr(rules, "like", lambda pattern: f"{pattern} of nobody")


def make_way_without(plant, *conditions):
    """Sessions make way though a condition of that is missing."""
    for name in ("MAKE_WAY", "MAKE_WAY_IN_FEATURE"):
        text = getattr(pool_statements, name)
        for condition in conditions:
            text = changed(text, condition, "TRUE")
        plant.setattr(pools, name, text)


def a_full_pool_for_which_nobody_makes_way(plant):
    plant.setattr(pools, "make_way", lambda *_: 0)


def a_device_id_that_is_ignored(plant):
    plant.setattr(identity.Client, "identity", property(identity_without_device))


def identity_without_device(client):
    return uuid.uuid5(
        identity.NAMESPACE, "\0".join((client.machine, client.person, client.os_session))
    )


def a_session_in_touch_that_makes_way(plant):
    make_way_without(plant, pool_statements.SILENT)


def a_clone_that_makes_way(plant):
    make_way_without(plant, pool_statements.SAME_DEVICE)


def a_person_who_makes_way_for_another(plant):
    make_way_without(plant, pool_statements.SAME_PERSON)


def a_return_whose_gap_is_forgotten(plant):
    begun = f"held_since = {statements.HELD_AGAIN_SINCE},"
    plant.setattr(pools, "RETURN_TO_ANY_SEAT", changed(pools.RETURN_TO_ANY_SEAT, begun, ""))


def a_feature_held_for_as_long_as_its_session(plant):
    begun = ", held_since = statement_timestamp()"
    plant.setattr(features, "TAKE_FEATURE", changed(features.TAKE_FEATURE, begun, ""))


def a_late_close_that_marks_no_hour(plant):
    unmarked = changed(statements.GIVE_BACK, "WHERE ended_at <", "WHERE FALSE AND ended_at <")
    plant.setattr(pools, "GIVE_BACK", unmarked)


def a_limit_that_nobody_notes(plant):
    plant.setattr(limits, "note", lambda *_: None)


def a_program_of_long_ago_that_is_unknown(plant):
    plant.setattr(history, "bring_back", lambda *_: False)


FAULTS = [
    a_refresh_that_revives,
    a_refusal_that_is_forgotten,
]
FOUND_LATER = [
    a_limit_that_is_only_raised,
    a_reclaim_of_what_is_not_stale,
    a_refresh_that_asks_no_rule,
    a_device_that_knows_no_limit,
    a_close_that_believes_every_clock,
    a_late_close_that_ends_what_goes_on,
    a_late_close_that_ends_what_may_come_back,
    an_id_that_is_forgotten,
    an_id_that_is_over_told_as_a_full_pool,
    a_key_that_closes_whatever_it_names,
    a_closed_id_that_is_forgotten,
    a_refresh_that_is_asked_for_too_late,
    a_release_without_a_record,
    a_block_that_is_only_written_down,
    a_full_pool_for_which_nobody_makes_way,
    a_device_id_that_is_ignored,
    a_session_in_touch_that_makes_way,
    a_clone_that_makes_way,
    a_person_who_makes_way_for_another,
    a_return_whose_gap_is_forgotten,
    a_feature_held_for_as_long_as_its_session,
    a_late_close_that_marks_no_hour,
    a_limit_that_nobody_notes,
    a_program_of_long_ago_that_is_unknown,
]
IS_SHORT = settings.get_current_profile_name() == "short"


@pytest.mark.parametrize("fault", FAULTS if IS_SHORT else FAULTS + FOUND_LATER)
def test_finds(fault, monkeypatch):
    """Without the guard the machine and its model soon disagree."""
    fault(monkeypatch)
    quick = settings(
        max_examples=1000, stateful_step_count=50, phases=[Phase.generate], database=None,
        derandomize=True, print_blob=False, **NEVER_TOO_SLOW,
    )  # fmt: skip

    with pytest.raises((AssertionError, DatabaseError, ExceptionGroup)):
        run_state_machine_as_test(Engine, settings=quick)
