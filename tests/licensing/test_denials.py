"""Every refused check-out is written down, folded."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F

from licensing import clock, denials, errors, keys, sessions
from licensing.models import Denial
from tests.factories import TESTER, ago, make_client, make_session

pytestmark = pytest.mark.django_db


def refuse(key, client) -> None:
    with pytest.raises(errors.LicensingError):
        sessions.check_out(key, client)


def test_says_who_was_refused_why_and_how_full_it_was(pool):
    make_session(pool)
    make_session(pool)
    client = make_client()

    refuse(pool, client)

    denial = Denial.objects.get()
    assert (denial.code, denial.machine_name, denial.username) == (
        "pool_exhausted",
        client.machine_name,
        client.username,
    )
    assert (denial.seats, denial.in_use, denial.count) == (2, 2, 1)
    assert (denial.account, denial.licence, denial.key_id) == (pool.account, pool.licence, pool.pk)


def test_asking_again_within_ten_minutes_counts_and_tells_how_it_is_now(pool):
    make_session(pool)
    make_session(pool)
    client = make_client()
    refuse(pool, client)
    Denial.objects.update(seats=9, in_use=9, version="16", last_at=ago(minutes=5))

    for _ in range(2):
        refuse(pool, client)

    denial = Denial.objects.get()
    assert (denial.count, denial.seats, denial.in_use) == (3, 2, 2)
    assert denial.version == client.version
    assert denial.last_at > denial.first_at


def test_another_person_or_another_reason_is_another_row(pool):
    client = make_client(version="15")
    refuse(pool, client)
    refuse(pool, make_client(version="15"))
    type(pool.licence).objects.update(state="suspended")
    pool.licence.refresh_from_db()
    refuse(pool, client)

    assert Denial.objects.count() == 3


def test_later_than_ten_minutes_is_another_row(pool):
    client = make_client(version="15")
    refuse(pool, client)
    Denial.objects.update(folded_from=F("folded_from") - dt.timedelta(minutes=10))

    refuse(pool, client)

    assert Denial.objects.count() == 2


def test_of_a_key_that_is_not_ours_belongs_to_nobody(db):
    client = make_client()

    for _ in range(2):
        denials.record(None, client, errors.KeyInvalid())

    assert list(Denial.objects.values_list("account", "licence", "count")) == [(None, None, 2)]


def classes(pool) -> list[str]:
    return list(Denial.objects.with_class().values_list("denial_class", flat=True))


def test_for_want_of_a_seat_is_true(pool):
    for _ in range(2):
        make_session(pool)
    refuse(pool, make_client())

    assert classes(pool) == ["true"]
    assert Denial.objects.true().count() == 1


def test_with_a_seat_soon_after_is_transient(pool):
    client = make_client()
    held = make_session(pool)
    make_session(pool)
    refuse(pool, client)
    sessions.close(held.pk)

    make_session(pool, client)

    assert classes(pool) == ["transient"]
    assert not Denial.objects.true().exists()


def test_with_a_seat_much_later_stays_true(pool):
    client = make_client()
    held = make_session(pool)
    make_session(pool)
    refuse(pool, client)
    sessions.close(held.pk)
    make_session(pool, client)

    Denial.objects.update(
        first_at=F("first_at") - dt.timedelta(minutes=30),
        last_at=F("last_at") - dt.timedelta(minutes=30),
    )

    assert classes(pool) == ["true"]


def test_of_a_guesser_under_ever_new_names_share_a_row(pool, monkeypatch):
    monkeypatch.setattr(denials, "MOST_NAMED", 2)
    people = [make_client(username=name, machine_name="CAD-1") for name in "abcda"]
    for long_ago in (make_client(), make_client()):
        denials.record(pool, long_ago, errors.KeyInvalid())
        moment = {"last_at": ago(minutes=11), "folded_from": ago(minutes=20)}
        Denial.objects.filter(identity=long_ago.identity).update(**moment)

    for person in people:
        with pytest.raises(errors.KeyInvalid):
            sessions.check_out_with_key(pool.serial_number, "wrong", person)

    rows = Denial.objects.order_by("pk").values_list("username", "count")
    assert list(rows[2:]) == [("a", 2), ("b", 1), ("*", 2)]


def test_of_a_key_under_ever_new_names_share_a_row_with_all_their_tries(pool, monkeypatch):
    monkeypatch.setattr(denials, "MOST_NAMED", 2)
    too_old = [make_client(username=name, machine_name="CAD-1", version="15") for name in "abcad"]

    for person in too_old:
        refuse(pool, person)

    rows = Denial.objects.order_by("pk").values_list("username", "machine_name", "count")
    assert list(rows) == [("a", "CAD-1", 2), ("b", "CAD-1", 1), ("*", "*", 2)]
    assert Denial.objects.get(username="*").key_id == pool.pk


def test_of_another_key_of_the_licence_are_named_all_the_same(pool, monkeypatch):
    monkeypatch.setattr(denials, "MOST_NAMED", 1)
    other, _plain = keys.issue(pool.licence, by=TESTER)
    for key in (pool, other):
        for name in "ab":
            refuse(key, make_client(username=name, version="15"))

    rows = Denial.objects.order_by("pk").values_list("key", "username")
    assert list(rows) == [(pool.pk, "a"), (pool.pk, "*"), (other.pk, "a"), (other.pk, "*")]


def test_guesses_hide_nobody_who_has_the_key(pool, monkeypatch):
    monkeypatch.setattr(denials, "MOST_NAMED", 1)
    for name in "xy":
        denials.record(pool, make_client(username=name), errors.KeyInvalid())

    refuse(pool, make_client(username="anna", version="15"))

    assert Denial.objects.filter(username="anna").exists()


def test_costs_one_prepared_statement_and_no_query_beside_it(
    pool, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(denials, "MOST_NAMED", 1)
    clients = [make_client(username=name) for name in "ab"]

    with django_assert_num_queries(0):
        for refusal in (errors.PoolExhausted(), errors.KeyInvalid()):
            for client in clients:
                denials.record(pool, client, refusal)


def the_last_days():
    """When the days began that are counted."""
    now = clock.database_time()
    return denials.Since(*(now - dt.timedelta(days=days) for days in (7, 14, 30)))


def test_tries_within_ten_minutes_of_one_another_count_once(pool):
    for _ in range(2):
        make_session(pool)
    client = make_client()
    refuse(pool, client)
    refuse_again(pool, client, earlier=dt.timedelta(minutes=9))
    refuse_again(pool, client, earlier=dt.timedelta(minutes=30))

    assert sorted(classes(pool)) == ["repeat", "true", "true"]
    assert Denial.objects.true().count() == 2
    assert denials.count_true(Denial.objects.all(), since=the_last_days()) == {
        pool.licence_id: denials.Counts(week=2, week_before=0, month=2, people=1)
    }


def test_another_reason_before_is_no_first_try(pool):
    make_session(pool)
    make_session(pool)
    client = make_client(machine_name="CAD-1", username="anna")
    too_old = make_client(machine_name="CAD-1", username="anna", version="15")
    refuse_again(pool, too_old, earlier=dt.timedelta(minutes=5))

    refuse(pool, client)

    assert sorted(classes(pool)) == ["entitlement", "true"]


def refuse_again(pool, client, *, earlier) -> None:
    """Refuse somebody as it would have been so long before."""
    known = set(Denial.objects.values_list("pk", flat=True))
    Denial.objects.update(folded_from=F("folded_from") - dt.timedelta(hours=1))
    refuse(pool, client)
    times = {name: F(name) - earlier for name in ("first_at", "last_at", "folded_from")}
    Denial.objects.exclude(pk__in=known).update(**times)


def test_counts_this_week_the_week_before_and_the_month(pool):
    for _ in range(2):
        make_session(pool)
    for days in (1, 2, 8, 20, 40):
        refuse_again(pool, make_client(), earlier=dt.timedelta(days=days))

    assert denials.count_true(Denial.objects.all(), since=the_last_days()) == {
        pool.licence_id: denials.Counts(week=2, week_before=1, month=4, people=2)
    }


def ends(pool) -> list[tuple[bool, bool, bool]]:
    """Of each denial: whether a seat came, whether it is fresh, whether there was a lease."""
    found = Denial.objects.with_end().values_list("seat_at", "is_fresh", "had_lease")
    return [(seat_at is not None, is_fresh, had_lease) for seat_at, is_fresh, had_lease in found]


@pytest.mark.parametrize(("minutes", "is_its_end"), [(50, True), (61, False)])
def test_ends_with_a_seat_within_the_hour(pool, minutes, is_its_end):
    client = make_client()
    held = make_session(pool)
    make_session(pool)
    refuse_again(pool, client, earlier=dt.timedelta(minutes=minutes))
    sessions.close(held.pk)
    make_session(pool, client)

    assert (ends(pool), classes(pool)) == ([(is_its_end, False, False)], ["true"])


def test_ends_without_a_seat(pool):
    client = make_client()
    long_away = make_session(pool, client, refreshed=dt.timedelta(days=9))
    sessions.reclaim_stale()
    type(long_away).objects.filter(end_reason="reclaimed").update(ended_at=ago(days=5))
    sessions.close(make_session(pool, client).pk)
    make_session(pool)
    make_session(pool)
    refuse(pool, client)

    assert ends(pool) == [(False, True, False)]


def test_of_a_reclaimed_client_leaves_the_program_open(pool):
    client = make_client()
    away = make_session(pool, client)
    type(away).objects.update(reclaim_at=F("started_at"))
    make_session(pool)
    make_session(pool)
    refuse(pool, client)

    assert ends(pool) == [(False, True, True)]


@pytest.mark.parametrize(
    ("code", "denial_class"),
    [
        ("device_limit", "true"),
        ("access_blocked", "policy"),
        ("key_revoked", "key"),
        ("version_not_supported", "entitlement"),
        ("licence_suspended", "entitlement"),
    ],
)
def test_has_the_class_of_its_code(pool, code, denial_class):
    refuse(pool, make_client(version="15"))
    Denial.objects.update(code=code)

    assert classes(pool) == [denial_class]
