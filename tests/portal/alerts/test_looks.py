"""Looks at what is the case miss nothing when nobody looked, and cost no more when all is quiet."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from licensing import sessions
from licensing.clock import database_time
from licensing.errors import PoolExhausted
from licensing.models import Account, Denial, OutboxEvent, ProductKey
from portal.alerts import causes, incidents, rules
from portal.models import Alert
from tests.factories import (
    TESTER,
    AccountFactory,
    ago,
    make_client,
    make_pool,
    make_session,
    move_back,
)
from tests.portal.alerts.made import make_rule


def test_a_key_is_found_though_nobody_looked_for_hours_or_its_rule_was_paused(account):
    OutboxEvent.objects.update(delivered_at=F("created_at"))
    rule = make_rule(account, "key_used_widely")
    key = make_pool(9, account=account)
    ProductKey.objects.update(created_at=ago(days=60))
    incidents.look()
    for _ in range(6):
        move_back(make_session(key), dt.timedelta(hours=5))
    rules.pause(rule, dt.timedelta(days=1), by=TESTER)
    incidents.look()
    rules.turn_on(rule, by=TESTER)
    cache.set(causes.LOOKED_AT, database_time() - dt.timedelta(hours=1))

    incidents.look()

    assert Alert.objects.open().count() == 1
    looked_at = cache.get(causes.LOOKED_AT)
    assert causes.since_last_look(looked_at) == looked_at - causes.LATE


def test_true_denials_wait_for_a_quarter_of_an_hour_to_be_told_together(account):
    make_rule(account, "true_denials")
    pool = make_pool(1, account=account)
    move_back(make_session(pool), dt.timedelta(minutes=20))
    with pytest.raises(PoolExhausted):
        sessions.check_out(pool, make_client(username="tom"))
    found = []
    for minutes in (11, 16):
        Denial.objects.update(first_at=ago(minutes=minutes), last_at=ago(minutes=minutes))
        incidents.look()
        found.append(Alert.objects.open().count())

    assert found == [0, 1]


def test_a_look_asks_as_much_however_many_accounts_keys_and_pools_are_quiet(account):
    rules.make_first(account)
    make_session(make_pool(9, account=account))
    make_session(make_pool(1, account=account, name="Leeds"))
    incidents.look()
    few = queries()
    for name in ("Hill", "Dale"):
        other = AccountFactory(name=name)
        rules.make_first(other)
        make_session(make_pool(9, account=other))

    assert Account.objects.count() == 3
    assert queries() == few


def queries():
    """How many a look takes."""
    with CaptureQueriesContext(connection) as asked:
        incidents.look()
    return len(asked)
