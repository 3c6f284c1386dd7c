"""Who asks a pool that was full a moment ago is refused at once: if it still is, and only then."""

from __future__ import annotations

import pytest

from licensing import denials, errors, full_pools, keys, licences, pools, refusals, rules, sessions
from licensing.models import ClientSession, Denial
from licensing.models.sessions import EndReason
from tests.factories import TESTER, ago, make_client, make_pool, make_session

pytestmark = pytest.mark.django_db

ANNA = make_client(machine_name="CTX-01", username="ACME\\anna", os_session="1")


@pytest.fixture
def full():
    """The key of a pool of two seats, both held, that has just refused somebody."""
    key = make_pool(2)
    for _ in range(2):
        make_session(key)
    refused(key, make_client())
    assert key.serial_number in full_pools.full
    return key


def refused(key, client) -> dict:
    """What a client is told whom the full pool refuses."""
    with pytest.raises(errors.PoolExhausted) as refusal:
        sessions.check_out_with_key(key.serial_number, key.plain, client)
    return refusal.value.extra


def require_not_full(key, client=ANNA, product_key=None) -> None:
    full_pools.require_not_full(keys.proof(key.serial_number, product_key or key.plain), client)


def row_of(client) -> dict:
    """What is written down about a client's refusals, but when it was."""
    row = Denial.objects.filter(username=client.username).values().get()
    return {name: value for name, value in row.items() if name not in ("id", "last_at", "first_at")}


@pytest.mark.parametrize("contact", ["", "Ask Priya"])
def test_is_told_and_written_down_as_after_a_closer_look(full, contact):
    refusals.tell(full.account, contact=contact, shows_holders=False, by=TESTER)
    at_once, closely = make_client(username="at-once"), make_client(username="closely")

    told = refused(full, at_once)
    with pytest.raises(errors.PoolExhausted):
        require_not_full(full, at_once)
    full_pools.full.clear()
    refused(full, closely)
    told_closely = refused(full, closely)

    assert told == told_closely
    assert list(told) == list(told_closely)
    assert told["next_reclaim_at"].tzinfo == told_closely["next_reclaim_at"].tzinfo
    who = {name: getattr(closely, name) for name in ("username", "machine_name", "identity")}
    assert row_of(at_once) | who == row_of(closely)
    assert Denial.objects.get(username="at-once").count == 2


def test_of_very_many_share_a_row(full, monkeypatch):
    monkeypatch.setattr(denials, "MOST_NAMED", 2)

    for name in "abcba":
        refused(full, make_client(username=name, machine_name="CAD-1"))

    rows = Denial.objects.order_by("pk").values_list("username", "count")[1:]
    assert list(rows) == [("a", 2), ("*", 3)]
    shared = Denial.objects.get(username="*")
    assert shared.identity == denials.everybody(full.pk).identity


def free_a_seat(key):
    sessions.close(key.sessions.active().first().pk)


def let_one_be_stale(key):
    """The licence asks anew when something may be stale."""
    type(key.licence).objects.update(no_stale_before=ago(minutes=1))


def let_it_drain(key):
    licences.set_seats(key.licence, 1, by=TESTER)


def let_anna_be_in_elsewhere(key):
    """By another OS session, which may make way for her."""
    session = key.sessions.active().first()
    of_anna = {"machine": ANNA.machine, "person": ANNA.person}
    ClientSession.objects.filter(pk=session.pk).update(**of_anna)


def let_anna_be_in(key):
    session = key.sessions.active().first()
    ClientSession.objects.filter(pk=session.pk).update(identity=ANNA.identity)


def bar_anna(key):
    rules.add(key.account, rules.NewRule(username=ANNA.username), by=TESTER)


def suspend(key):
    licences.set_state(key.licence, "suspended", by=TESTER)


def revoke(key):
    keys.revoke(key, by=TESTER)


def show_holders(key):
    refusals.tell(key.account, contact="", shows_holders=True, by=TESTER)


@pytest.mark.parametrize(
    "change",
    [
        free_a_seat,
        let_one_be_stale,
        let_it_drain,
        let_anna_be_in_elsewhere,
        let_anna_be_in,
        bar_anna,
        suspend,
        revoke,
        show_holders,
    ],
)
def test_nobody_is_refused_at_once_who_may_be_told_something_else(full, change):
    change(full)

    require_not_full(full)

    assert full.serial_number not in full_pools.full
    assert Denial.objects.count() == 1


@pytest.mark.parametrize(
    "details", [{"features": ("gantt",)}, {"product": "other"}, {"version": "0.1"}]
)
def test_nor_who_asks_for_something_else(full, details):
    require_not_full(full, make_client(**details))

    assert Denial.objects.count() == 1


def test_nor_who_has_another_product_key(full):
    _other, plain = keys.issue(full.licence, by=TESTER)

    require_not_full(full, product_key=plain)

    assert Denial.objects.count() == 1


def test_nor_who_asks_by_an_id_that_has_been_used(full):
    ended = full.sessions.active().first()
    pools.give_back(ended.pk, EndReason.CLOSED)
    make_session(full)

    require_not_full(full, make_client(session_id=ended.pk))

    assert Denial.objects.count() == 1


def test_the_last_seat_that_comes_back_is_given_out(full):
    free_a_seat(full)

    assert sessions.check_out_with_key(full.serial_number, full.plain, make_client())[1]
    assert refused(full, make_client())["in_use"] == 2


def test_only_so_many_pools_are_remembered(full, monkeypatch):
    monkeypatch.setattr(full_pools, "MOST", 1)
    other = make_pool(1)

    full_pools.remember(other)

    assert list(full_pools.full) == [other.serial_number]
