"""An account is merged into another while programs check out and close, and beside other merges."""

from __future__ import annotations

from functools import partial

import pytest

from licensing import audit, errors, invariants, keys, sessions
from licensing import merging as of_licences
from licensing.models import Account, ClientSession, Denial, Licence
from portal.accounts import merging
from tests.factories import TESTER, AccountFactory, make_client, make_pool, make_session
from tests.licensing.faults import plant_in_openings
from tests.licensing.races.together import at_once, once_one_sleeps

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def new():
    return AccountFactory(name="Brook & Co")


@pytest.fixture
def key():
    """Of the account that is merged into it."""
    return make_pool(20, account=AccountFactory(name="Hill & Dale"))


def merge(old, new):
    return partial(merging.merge, old, new, by=TESTER)


def whose_sessions():
    return set(ClientSession.objects.values_list("account", flat=True))


def merge_beside_slow_check_outs(monkeypatch, key, new):
    """Merge while check-outs have looked at the licence before, and write after."""
    sleep = "WHERE pg_sleep(0.3) IS NOT NULL AND licence.id"
    plant_in_openings(monkeypatch, "WHERE licence.id", sleep, 1)
    found = keys.find(key.serial_number)
    calls = [partial(sessions.check_out, found, make_client()) for _ in range(8)]
    return at_once(once_one_sleeps(merge(key.account, new)), *calls)


def test_check_outs_on_their_way_belong_to_the_new_account(monkeypatch, key, new):
    _moved, *granted = merge_beside_slow_check_outs(monkeypatch, key, new)

    assert all(isinstance(one, tuple) for one in granted)
    assert ClientSession.objects.count() == 8
    assert whose_sessions() == {new.pk}
    assert invariants.broken() == []


def test_control_where_sessions_do_not_move_they_are_left_behind(monkeypatch, key, new):
    monkeypatch.setattr("licensing.merging.MOVES", ())

    merge_beside_slow_check_outs(monkeypatch, key, new)

    assert key.account_id in whose_sessions()


def test_what_looked_before_and_takes_its_seat_after_belongs_there_too(monkeypatch, key, new):
    """The check-out's statement began before the merge was done, and came to its key after."""
    assert opened_after_the_merge(monkeypatch, key, new) == {new.pk}


def test_control_with_the_licences_account_it_would_be_left_behind(monkeypatch, key, new):
    plant_in_openings(monkeypatch, "key.account_id, licence.id", "licence.account_id, licence.id")

    assert opened_after_the_merge(monkeypatch, key, new) == {key.account_id}


def opened_after_the_merge(monkeypatch, key, new):
    """Whose the session is that a statement opened which slept before it looked for a seat."""
    plant_in_openings(
        monkeypatch,
        "WITH free AS MATERIALIZED (",
        "WITH slept AS MATERIALIZED (SELECT pg_sleep(1)), free AS MATERIALIZED (",
    )
    plant_in_openings(monkeypatch, "AND session_id IS NULL", "AND session_id IS NULL AND "
                      "(SELECT count(*) FROM slept) = 1")  # fmt: skip
    found = keys.find(key.serial_number)
    merged, granted = at_once(
        once_one_sleeps(merge(key.account, new)), partial(sessions.check_out, found, make_client())
    )
    assert isinstance(merged, merging.Moved)
    assert isinstance(granted, tuple), granted
    return whose_sessions()


def test_closes_and_refreshes_beside_it_are_as_ever(key, new):
    open_ones = [make_session(key) for _ in range(8)]
    closes = [partial(sessions.close, one.pk) for one in open_ones[:4]]
    refreshes = [partial(sessions.refresh, one.pk) for one in open_ones[4:]]
    releases = [partial(sessions.release, one, by=TESTER) for one in open_ones[:2]]

    outcomes = at_once(merge(key.account, new), *closes, *refreshes, *releases)

    assert not [one for one in outcomes if isinstance(one, errors.LicensingError)]
    assert ClientSession.objects.active().count() == 4
    assert whose_sessions() == {new.pk}
    assert invariants.broken() == []
    assert [audit.verify(one)[1] for one in Account.objects.all()] == [[], []]


@pytest.mark.parametrize("other_way", [False, True])
def test_of_merges_at_once_one_is_done(key, new, other_way):
    make_pool(account=new)
    old = key.account
    second = (new, old) if other_way else (old, new)

    outcomes = at_once(merge(old, new), merge(*second))

    assert sorted(isinstance(one, merging.Moved) for one in outcomes) == [False, True]
    assert Account.objects.exclude(merged_into=None).count() == 1
    left = Account.objects.get(merged_into=None)
    assert set(Licence.objects.values_list("account", flat=True)) == {left.pk}


def test_a_chain_of_merges_ends_in_one_account_or_is_refused(key, new):
    third = AccountFactory(name="Third")

    at_once(merge(key.account, new), merge(new, third))

    account = Licence.objects.get().account
    assert account.closed_at is None
    assert invariants.broken() == []


def test_refusals_beside_it_are_the_new_accounts_in_the_end(key, new):
    full = make_pool(1, account=key.account)
    make_session(full)
    calls = [partial(sessions.check_out_with_key, full.serial_number, full.plain, make_client())
             for _ in range(10)]  # fmt: skip

    at_once(merge(key.account, new), *calls)
    of_licences.follow()

    assert set(Denial.objects.values_list("account", flat=True)) == {new.pk}
