"""Many refreshes as one statement do to each session what its own statement does."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection, transaction

from licensing import batches, keys, prepared, rules, sessions, statements
from licensing.group_commit import LEFT_OUT, Asked
from licensing.models import ClientSession, Licence
from licensing.rules import NewRule
from tests.factories import (
    TESTER,
    AccountFactory,
    days_from_today,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)

pytestmark = pytest.mark.django_db


def active(**order):
    return make_session(make_pool(2, **order))


def single_user():
    return make_session(make_single_user())


def offline():
    return make_session(make_pool(2), refreshed=dt.timedelta(hours=3))


def stale():
    return make_session(make_pool(2), refreshed=dt.timedelta(hours=49))


def reclaimed():
    session = stale()
    sessions.reclaim_stale()
    return session


def released():
    session = active()
    sessions.release(session, by=TESTER)
    return session


def closed():
    session = active()
    sessions.close(session.pk)
    return session


def blocked():
    session = make_session(make_pool(2), make_client(username="ACME\\jsmith"))
    rules.add(session.account, NewRule(username="acme\\*"), by=TESTER)
    return session


def of_licence(**change):
    session = active()
    Licence.objects.filter(pk=session.licence_id).update(**change)
    return session


def of_superseded_key():
    session = active()
    keys.reissue(session.key, by=TESTER)
    return session


def with_features():
    key = make_pool(2, features=["4d:1", "bim"])
    return make_session(key, make_client(features=("4d",)))


SESSIONS = {
    "active": active,
    "of a single user": single_user,
    "offline": offline,
    "reclaimed": reclaimed,
    "stale": stale,
    "released": released,
    "closed": closed,
    "blocked": blocked,
    "ends today": lambda: of_licence(ends_on=days_from_today(1)),
    "expired": lambda: of_licence(ends_on=days_from_today(-3)),
    "not begun": lambda: of_licence(starts_on=days_from_today(3)),
    "suspended": lambda: of_licence(state="suspended"),
    "licence closed": lambda: of_licence(state="closed"),
    "key superseded": of_superseded_key,
    "with features": with_features,
    "elsewhere": lambda: active(account=AccountFactory(time_zone="Pacific/Auckland")),
}
GRANTED = {"active", "of a single user", "offline", "stale", "ends today", "key superseded"}
GRANTED |= {"with features", "elsewhere"}


def asked(session_id, version=None):
    return Asked(statements.REFRESH, {"session": session_id, "version": version})


def alone(batch):
    return [prepared.fetch_one(one.statement, one.values) or LEFT_OUT for one in batch]


def effects(refresh, batch):
    """What the refreshes find and leave, with times told from the database's own."""
    with transaction.atomic():
        found = [told_of(row) for row in refresh(batch)]
        left = {session.pk: left_of(session) for session in ClientSession.objects.all()}
        transaction.set_rollback(True)
    return found, left


def told_of(row):
    if row is LEFT_OUT:
        return row
    grace_until, server_time = row[3:5]
    return *row[:3], roughly(grace_until - server_time), *row[5:]


def left_of(session):
    since = transaction_time()
    times = (session.refreshed_at, session.grace_until, session.reclaim_at)
    return session.version, session.end_reason, [at and roughly(at - since) for at in times]


def transaction_time():
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction_timestamp()")
        return cursor.fetchone()[0]


def roughly(length):
    return round(length / dt.timedelta(minutes=1))


@pytest.mark.slow
@pytest.mark.parametrize("version", [None, "17.0.1"])
def test_agrees_with_one_by_one_in_every_state(version):
    made = {state: make().pk for state, make in SESSIONS.items()} | {"unknown": uuid.uuid4()}
    batch = [asked(session_id, version) for session_id in made.values()]

    together, left = effects(batches.as_one, batch)

    assert (together, left) == effects(alone, batch)
    assert {
        state for state, row in zip(made, together, strict=True) if row is not LEFT_OUT
    } == GRANTED


def test_notes_each_version_where_one_is_told(pool):
    first, second = make_session(pool), make_session(pool, make_client(username="other"))

    batches.as_one([asked(first.pk), asked(second.pk, "17.0.1")])

    assert ClientSession.objects.get(pk=first.pk).version == first.version
    assert ClientSession.objects.get(pk=second.pk).version == "17.0.1"


def test_one_that_is_asked_for_twice_goes_with_the_others_once(pool):
    session = make_session(pool)

    one, other = batches.as_one([asked(session.pk, "17.0.1"), asked(session.pk)])

    assert [one, other].count(LEFT_OUT) == 1


def test_no_plan_is_made_for_a_batch_of_its_own(pool):
    """Which PostgreSQL would choose by itself, each time, and which take longer than to run."""
    session = make_session(pool)
    for number in range(12):
        batches.as_one([asked(session.pk), *(asked(uuid.uuid4()) for _ in range(number))])

    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements")
        generic, custom = cursor.fetchone()
    assert generic >= 12
    assert custom == 0
