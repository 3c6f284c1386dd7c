"""An account is closed while programs check out, and while somebody cancels it."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.db.models.functions import Now

from licensing import audit, errors, invariants, keys, licences, pools, sessions
from licensing.licences import Order
from licensing.models import Account, AuditEntry, ClientSession, Licence
from portal.accounts import closing
from tests.factories import TESTER, make_client, make_pool, make_session
from tests.licensing.faults import plant_in_openings
from tests.licensing.races.together import at_once, once_one_sleeps

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def key():
    """Of an account whose day is over."""
    key = make_pool(20)
    closing.ask(key.account, by=TESTER)
    Account.objects.update(closes_at=Now() - dt.timedelta(seconds=1))
    return key


def close_beside_slow_check_outs(monkeypatch, key, seconds=0.3):
    """Close while check-outs have looked at the licence before, and write after."""
    sleep = f"WHERE pg_sleep({seconds}) IS NOT NULL AND licence.id"
    plant_in_openings(monkeypatch, "WHERE licence.id", sleep, 1)
    found = keys.find(key.serial_number)
    calls = [partial(sessions.check_out, found, make_client()) for _ in range(8)]
    return at_once(once_one_sleeps(partial(closing.carry_out, key.account_id)), *calls)[0]


def test_no_session_is_left_in_a_closed_account(monkeypatch, key):
    make_session(key)

    assert close_beside_slow_check_outs(monkeypatch, key) is True

    assert not ClientSession.objects.active().exists()
    assert invariants.broken() == []
    assert audit.verify(key.account)[1] == []


def test_control_without_the_seats_locked_first_some_are(monkeypatch, key):
    monkeypatch.setattr(pools, "lock_whole", lambda ids: None)

    close_beside_slow_check_outs(monkeypatch, key, seconds=1)  # closing is done by then

    assert ClientSession.objects.active().exists()


def test_it_is_closed_once_or_kept_whoever_comes_first(key):
    calls = [partial(closing.carry_out, key.account_id)] * 3
    *closed, kept = at_once(*calls, partial(closing.cancel, key.account, by=TESTER))

    is_kept = isinstance(kept, Account)
    assert sum(one is True for one in closed) == (not is_kept)
    assert is_kept or isinstance(kept, errors.AlreadyDone)
    assert (Licence.objects.get().state == "active") is is_kept
    assert AuditEntry.objects.filter(action="account_closed").count() == (not is_kept)
    assert audit.verify(key.account)[1] == []


def test_no_licence_is_left_that_was_issued_at_the_same_moment(key):
    order = Order(account_name=key.account.name, seats=1, name="Another")
    sell = [partial(licences.create, order, by=TESTER) for _ in range(5)]
    at_once(partial(closing.carry_out, key.account_id), *sell)

    closing.carry_out_due()

    assert Account.objects.get().closed_at
    assert set(Licence.objects.values_list("state", flat=True)) == {"closed"}
