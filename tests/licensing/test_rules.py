"""Access rules: who is kept out, and who is told why."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from licensing import errors, pools, rules, sessions
from licensing.models import AuditEntry
from licensing.models.rules import Effect
from licensing.models.sessions import EndReason
from licensing.rules import NewRule
from tests.factories import TESTER, make_client, make_pool, make_session, make_single_user

pytestmark = pytest.mark.django_db

JSMITH = {"username": "ACME\\jsmith", "machine_name": "CAD-017"}


def add(key, **rule):
    return rules.add(key.account, NewRule(**rule), by=TESTER, reason="Left the company")


def is_barred(key, **names) -> bool:
    try:
        sessions.check_out(key, make_client(**(JSMITH | names)))
    except errors.AccessBlocked:
        return True
    return False


@pytest.mark.parametrize("star", ["*", "\N{FULLWIDTH ASTERISK}"], ids=["star", "wide"])
def test_a_name_with_a_star_that_programs_send_is_no_pattern(star):
    pool, name = make_pool(), f"ACME\\{star}"
    add(pool, username=rules.named(name))

    assert is_barred(pool, username=name)
    assert not is_barred(pool)
    assert rules.is_like(name, rules.named(name))
    assert not rules.is_like("ACME\\jsmith", rules.named(name))


@pytest.mark.parametrize(
    ("rule", "barred"),
    [
        ({"username": "acme\\JSmith"}, True),
        ({"username": "jsmith"}, False),
        ({"username": "*\\jsmith"}, True),
        ({"username": "acme\\*"}, True),
        ({"username": "acme_jsmith"}, False),
        ({"machine_name": "cad-*"}, True),
        ({"machine_name": "CAD-01"}, False),
        ({"machine_name": "%"}, False),
        ({"username": "ACME\\jsmith", "machine_name": "CAD-018"}, False),
        ({"username": "ACME\\jsmith", "machine_name": "CAD-017"}, True),
    ],
)
def test_a_block_bars_whom_it_names(pool, rule, barred):
    add(pool, **rule)

    assert is_barred(pool) is barred


def test_a_block_of_another_licence_or_account_bars_nobody_here(pool):
    other = make_pool(1, account=pool.account)
    add(pool, licence=other.licence, username="*jsmith")
    add(make_pool(1), username="*jsmith")

    assert not is_barred(pool)
    assert is_barred(other)


def test_only_allow_bars_everybody_else(pool):
    add(pool, effect=Effect.ALLOW, username="ACME\\*")

    assert not is_barred(pool)
    assert is_barred(pool, username="CONTRACTOR\\x")


def test_a_block_beats_an_allow(pool):
    add(pool, effect=Effect.ALLOW, username="ACME\\*")
    add(pool, username="ACME\\jsmith")

    assert is_barred(pool)
    assert not is_barred(pool, username="ACME\\other")


def test_it_bars_from_its_start_to_its_end(pool):
    now = timezone.now()
    add(pool, username="*jsmith", starts_at=now + dt.timedelta(hours=1))
    over = add(pool, username="*jsmith", starts_at=now - dt.timedelta(hours=2))
    type(over).objects.filter(pk=over.pk).update(ends_at=now - dt.timedelta(hours=1))

    assert not is_barred(pool)
    assert rules.decide(pool.licence, make_client(**JSMITH)).is_allowed


def test_an_open_session_ends_at_its_next_refresh_and_its_seat_comes_back(pool):
    session = make_session(pool, make_client(**JSMITH))
    add(pool, username="*jsmith")

    for _ in range(2):
        with pytest.raises(errors.AccessBlocked):
            sessions.refresh(session.pk)

    session.refresh_from_db()
    assert session.end_reason == EndReason.BLOCKED
    assert pools.in_use(pool.licence) == 0


def test_who_is_barred_does_not_come_back_by_asking_again(pool):
    make_session(pool, make_client(**JSMITH))
    add(pool, username="*jsmith")

    assert is_barred(pool)


def test_single_user_licences_have_rules_too():
    key = make_single_user()
    add(key, username="*jsmith")

    assert is_barred(key)


def test_lifted_it_bars_nobody_and_is_lifted_once(pool):
    rule = add(pool, username=" *jsmith ")

    assert rules.lift(rule, by=TESTER)

    assert not is_barred(pool)
    assert not rules.lift(rule, by=TESTER)
    assert str(rule) == "Block *jsmith on any machine"


def test_one_that_is_to_come_can_be_lifted(pool):
    rule = add(pool, username="*jsmith", starts_at=timezone.now() + dt.timedelta(hours=1))

    assert rules.lift(rule, by=TESTER)

    rule.refresh_from_db()
    assert rule.ends_at == rule.starts_at


def test_about_everybody_must_be_meant(pool):
    for pattern in ("", "*", " ** "):
        with pytest.raises(errors.InvalidOperation, match="about everybody"):
            add(pool, username=pattern)

    rules.add(pool.account, NewRule(), by=TESTER, even_everybody=True)
    assert is_barred(pool)


def test_that_ends_before_it_starts_is_refused(pool):
    now = timezone.now()
    for ends_at in (now, now - dt.timedelta(hours=1)):
        with pytest.raises(errors.InvalidOperation, match="before it starts"):
            add(pool, username="x", starts_at=now, ends_at=ends_at)


def test_the_decision_names_the_rule(pool):
    allow = add(pool, effect=Effect.ALLOW, username="ACME\\*")
    block = add(pool, username="ACME\\jsmith")
    client = make_client(**JSMITH)

    assert rules.decide(pool.licence, client) == rules.Decision(False, block)
    rules.lift(block, by=TESTER)
    assert rules.decide(pool.licence, client) == rules.Decision(True, allow)
    other = make_client(username="CONTRACTOR\\x")
    assert rules.decide(pool.licence, other) == rules.Decision(False, None)
    rules.lift(allow, by=TESTER)
    assert rules.decide(pool.licence, client) == rules.Decision(True, None)


def test_both_ends_are_audited(pool):
    rule = add(pool, username="*jsmith")
    rules.lift(rule, by=TESTER, reason="Came back")

    entries = AuditEntry.objects.filter(object_kind="access rule").order_by("number")
    assert list(entries.values_list("action", "reason")) == [
        ("rule_added", "Left the company"),
        ("rule_lifted", "Came back"),
    ]
