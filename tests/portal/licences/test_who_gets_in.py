"""Asking who would get in: what the access rules say of somebody."""

from __future__ import annotations

import datetime as dt

from licensing import rules
from licensing.rules import NewRule
from tests.factories import TESTER, make_client, make_pool, make_session, make_single_user
from tests.portal.licences.somebody import JSMITH, get_in, licence_page


def verdict(browser, key, **who):
    """What the tester answers."""
    asked = {"username": "J. Smith", "machine_name": "CAD-017"} | who
    return browser.get(licence_page(key), asked).context["verdict"].text


def test_the_tester_names_the_rule(viewer, account, pool):
    rules.add(account, NewRule(username="j.*"), by=TESTER, reason="Contractors")

    response = viewer.get(licence_page(pool), JSMITH)

    assert response.context["verdict"].text == "Blocked by the rule “Block j.* on any machine”."
    assert "Contractors" in response.text


def test_the_tester_counts_free_seats(owner, account):
    key = make_pool(2, account=account)

    answers = [verdict(owner, key)]
    make_session(key)
    answers.append(verdict(owner, key))
    make_session(key)
    answers.append(verdict(owner, key))

    assert answers == [
        "Allowed. Would get a seat now: 2 free.",
        "Allowed. Would get a seat now: 1 free.",
        "Allowed. Would get no seat now: every seat is in use.",
    ]


def test_the_tester_knows_who_holds_a_seat(owner, pool, session):
    assert verdict(owner, pool) == "Allowed, and holds a seat already."
    assert verdict(owner, pool, machine_name="CAD-18") == "Allowed. Would get a seat now: 9 free."


def test_the_tester_counts_stale_seats_as_free(owner, account):
    key = make_pool(1, account=account)
    make_session(key, refreshed=dt.timedelta(hours=49))

    assert verdict(owner, key) == "Allowed. Would get a seat now: 1 free."
    assert get_in(key, **JSMITH)


def test_the_tester_knows_devices(owner, account):
    key = make_single_user(account=account)
    make_session(key, make_client(machine_name="SITE-09"))

    assert verdict(owner, key) == "Allowed. Would get no seat now: bound to SITE-09."
    assert verdict(owner, key, machine_name="site-09") == "Allowed. This machine has its seat."


def test_the_tester_wants_both_names(owner, pool):
    response = owner.get(licence_page(pool), {"username": "J. Smith", "machine_name": ""})

    assert "Name a user and a machine." in response.text
    assert 'value="J. Smith"' in response.text


def test_the_tester_tells_what_becomes_of_the_users_other_names(owner, account, pool):
    for name in ("j.smith@brook.example", "CONTRACTORS\\j.smith", "BROOK\\j.smith"):
        make_session(make_pool(1, account=account), make_client(username=name))
    for name in ("j.smith@brook.example", "CONTRACTORS\\j.smith"):
        rules.add(account, NewRule(username=name), by=TESTER)

    asked = {"username": "BROOK\\j.smith", "machine_name": "CAD-017"}
    text = owner.get(licence_page(pool), asked).context["verdict"].others

    assert text == [
        "The same person as j.smith@brook.example: "
        "Blocked by the rule “Block j.smith@brook.example on any machine”.",
        "Programs know CONTRACTORS\\j.smith too, maybe somebody else: "
        "Blocked by the rule “Block CONTRACTORS\\j.smith on any machine”.",
    ]
