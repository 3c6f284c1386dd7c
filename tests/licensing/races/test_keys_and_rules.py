"""A key or a person is barred while clients check out."""

from __future__ import annotations

from functools import partial

import pytest

from devstack import processes
from licensing import errors, hot, keys, rules, sessions, stolen_keys
from licensing.models import ClientSession
from licensing.rules import NewRule
from tests.factories import TESTER, make_client, make_pool
from tests.licensing.faults import plant_in_openings
from tests.licensing.races.together import at_once, held_seats

pytestmark = pytest.mark.django_db(transaction=True)

THE_LOCK = "FOR KEY SHARE OF key"


def test_a_block_against_check_outs_ends_all_of_them():
    key = make_pool(50)

    calls = [
        partial(sessions.check_out, key, make_client(username=f"ACME\\{n}")) for n in range(15)
    ]
    block = partial(rules.add, key.account, NewRule(username="acme\\*"), by=TESTER)
    at_once(block, *calls)

    for session in ClientSession.objects.active():
        with pytest.raises(errors.AccessBlocked):
            sessions.refresh(session.pk)
    assert held_seats(key) == 0


def against_slow_check_outs(monkeypatch, act, key):
    """What ``act`` gives beside check-outs that looked at the key before it and write after."""
    sleep = "WHERE pg_sleep(0.3) IS NOT NULL AND licence.id"
    plant_in_openings(monkeypatch, "WHERE licence.id", sleep, 1)
    calls = [partial(sessions.check_out, keys.find(key.serial_number), make_client())
             for _ in range(8)]  # fmt: skip
    return at_once(partial(when_some_are_on_their_way, act), *calls)[0]


def when_some_are_on_their_way(act):
    """Wait for statements that sleep, then act."""
    sleeping = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    assert processes.wait_until(lambda: hot.fetch_value(sleeping, {}) > 2, seconds=5)
    return act()


def revoke_and_end_all(key):
    keys.revoke(key, by=TESTER)
    return stolen_keys.end_sessions(key, by=TESTER)


def reissue_and_look(key):
    """Replace the key; the sessions that it has from then on."""
    keys.reissue(key, by=TESTER)
    return set(key.sessions.values_list("pk", flat=True))


def test_a_key_revoked_with_its_sessions_has_none_left(monkeypatch):
    key = make_pool(50)

    against_slow_check_outs(monkeypatch, partial(revoke_and_end_all, key), key)

    assert not ClientSession.objects.active().exists()


def test_control_without_the_lock_a_revoked_key_still_opens(monkeypatch):
    key = make_pool(50)

    plant_in_openings(monkeypatch, THE_LOCK, "")
    against_slow_check_outs(monkeypatch, partial(revoke_and_end_all, key), key)

    assert ClientSession.objects.active().exists()


def test_a_replaced_key_opens_nothing_afterwards(monkeypatch):
    key = make_pool(50)

    seen = against_slow_check_outs(monkeypatch, partial(reissue_and_look, key), key)

    assert set(key.sessions.values_list("pk", flat=True)) == seen


def test_control_without_the_lock_a_replaced_key_still_opens(monkeypatch):
    key = make_pool(50)

    plant_in_openings(monkeypatch, THE_LOCK, "")
    seen = against_slow_check_outs(monkeypatch, partial(reissue_and_look, key), key)

    assert set(key.sessions.values_list("pk", flat=True)) > seen


def test_two_keys_at_once_do_not_double_a_pool():
    key = make_pool(5)
    new, _ = keys.issue(key.licence, by=TESTER)

    found = [keys.find(key.serial_number), keys.find(new.serial_number)]
    at_once(*(partial(sessions.check_out, found[n % 2], make_client()) for n in range(20)))

    assert held_seats(key) == ClientSession.objects.active().count() == 5
