"""Blocking people and machines, and lifting it."""

from __future__ import annotations

import datetime as dt
import html

import pytest
from django.utils import timezone

from licensing import errors, rules, sessions
from licensing.models import AccessRule, AuditEntry
from licensing.rules import NewRule
from tests.factories import TESTER, make_client, make_pool, make_session
from tests.pages import last_entry, said
from tests.portal.licences.somebody import (
    JSMITH,
    add_page,
    block_page,
    get_in,
    licence_page,
    rule_asked,
    the_rule,
)


def lift_page(key, rule):
    return f"/licences/{key.licence_id}/rules/{rule.pk}/lift/"


@pytest.mark.parametrize("who", ["owner", "manager"])
def test_release_and_block_does_both(request, who, pool, session):
    response = request.getfixturevalue(who).post(
        block_page(session),
        {"whom": "user", "scope": "licence", "release": "on", "reason": "Left us"},
    )

    assert said(response) == [
        (
            "success",
            "J. Smith can't take a seat from now on. A program that is open stays open. "
            "1 of today's sessions is theirs (J. Smith on CAD-017). 0 of 10 in use.",
        )
    ]
    assert the_rule() == ("J. Smith", "", True)
    assert set(AuditEntry.objects.filter(reason="Left us").values_list("action", flat=True)) == {
        "rule_added",
        "session_released",
    }
    with pytest.raises(errors.SessionReleased):
        sessions.refresh(session.pk)
    assert not get_in(pool, username="j. smith", machine_name="CAD-99")


def test_blocks_a_session_user_called_like_a_pattern_alone(owner, pool):
    session = make_session(pool, make_client(username="BROOK\\*"))

    owner.post(block_page(session), {"whom": "user", "scope": "account", "reason": "Left us"})

    assert get_in(pool, username="BROOK\\anna", machine_name="CAD-99")
    assert not get_in(pool, username="BROOK\\*", machine_name="CAD-99")


@pytest.mark.parametrize(
    ("came_from", "goes_to"),
    [
        ("", "/sessions/{}/"),
        ("?next=%2Fsessions%2F%3Fstate%3Dheld", "/sessions/?state=held"),
        ("?next=https%3A%2F%2Felsewhere.example", "/sessions/{}/"),
    ],
)
def test_comes_back_to_the_list_that_it_was_asked_for_on(owner, session, came_from, goes_to):
    sent = {"whom": "user", "scope": "licence", "release": "on", "reason": "Left us"}

    response = owner.post(block_page(session) + came_from, sent)

    assert response["Location"] == goes_to.format(session.pk)


def test_blocks_the_user_the_machine_or_both(owner, session):
    rules_of = {
        "user": ("J. Smith", "", False),
        "machine": ("", "CAD-017", False),
        "both": ("J. Smith", "CAD-017", False),
    }

    for whom, rule in rules_of.items():
        owner.post(block_page(session), {"whom": whom, "scope": "account", "reason": "Lost"})
        assert the_rule() == rule
        AccessRule.objects.all().delete()
    assert session.account.sessions.active().count() == 1


def test_blocks_somebody_whose_session_has_just_ended(owner, session):
    page = owner.get(block_page(session))
    sessions.close(session.pk)

    response = owner.post(
        block_page(session), {"whom": "user", "scope": "licence", "release": "on", "reason": "Left"}
    )

    assert "Release one seat now: J. Smith on CAD-017, " in page.text
    assert "Release one seat now" not in owner.get(block_page(session)).text
    assert said(response)[0][1].startswith("J. Smith can't take a seat from now on.")
    assert the_rule() == ("J. Smith", "", True)


def test_blocks_a_pattern_until_a_day(owner, pool):
    next_year = dt.datetime.now(dt.UTC).year + 1

    response = owner.post(
        add_page(pool), rule_asked(machine_name="LOAN-*", until=f"{next_year}-12-31")
    )

    assert response["Location"] == f"/licences/{pool.licence_id}/#rules"
    assert said(response)[0][1].startswith("Anybody on LOAN-* can't take a seat from now on.")
    assert AccessRule.objects.get().ends_at == dt.datetime(next_year + 1, 1, 1, tzinfo=dt.UTC)
    assert last_entry() == ("rule_added", "Left us", "Priya Shah <priya@example.com>")
    assert not get_in(pool, machine_name="loan-4")
    assert get_in(pool, machine_name="CAD-4")
    owner.post(add_page(pool), rule_asked(machine_name="CAD-4", until=timezone.localdate()))
    assert not get_in(pool, machine_name="CAD-4", username="other")


def test_offers_the_names_of_the_user_that_a_rule_misses(owner, account, pool):
    for name in ("blk1", "BROOK\\blk1", "CONTRACTORS\\blk1"):
        make_session(make_pool(1, account=account), make_client(username=name, machine_name="PC"))
    asked = rule_asked(username="BLK1", scope="account")

    once = owner.post(add_page(pool), asked)

    assert once.status_code == 422
    assert "1 of today's sessions is theirs (blk1 on PC)." in html.unescape(once.text)
    offered = once.context["form"].fields["others"].choices
    assert sorted(name for name, _label in offered) == ["BROOK\\blk1", "CONTRACTORS\\blk1"]
    assert not AccessRule.objects.exists()

    sent = asked | {"offered_to": "BLK1", "others": ["BROOK\\blk1"]}
    twice = owner.post(add_page(pool), sent)

    assert said(twice)[0][1] == (
        "BLK1 can't take a seat from now on. A program that is open stays open. "
        "1 of today's sessions is theirs (blk1 on PC). "
        "BROOK\\blk1 can't take a seat from now on. A program that is open stays open. "
        "1 of today's sessions is theirs (BROOK\\blk1 on PC)."
    )
    assert {rule.username for rule in AccessRule.objects.all()} == {"BLK1", "BROOK\\blk1"}
    assert get_in(pool, username="CONTRACTORS\\blk1")


def test_what_was_offered_for_another_name_is_offered_anew(owner, account, pool):
    make_session(make_pool(1, account=account), make_client(username="BROOK\\blk1"))

    answer = owner.post(add_page(pool), rule_asked(username="blk1", offered_to="blk2"))
    as_it_is = owner.post(add_page(pool), rule_asked(username="blk1", offered_to="blk1"))

    assert (answer.status_code, as_it_is.status_code) == (422, 302)
    assert said(as_it_is)[0][1].endswith("None of today's sessions is theirs.")
    assert the_rule() == ("blk1", "", True)


def test_offers_the_other_names_of_a_sessions_user_too(owner, account, pool, session):
    for name in ("BROOK\\blk1", "blk1", "OTHER\\blk1", "j.smith"):
        make_session(make_pool(1, account=account), make_client(username=name))
    blk1 = account.sessions.get(username="blk1")

    form = owner.get(block_page(blk1)).context["form"]
    offered = [name for name, _label in form.fields["others"].choices]
    sent = {"whom": "user", "others": ["BROOK\\blk1"], "scope": "account", "reason": "Left"}
    owner.post(block_page(blk1), sent)

    assert "1 of today&#x27;s sessions is theirs (blk1 on " in str(form["whom"])
    assert sorted(offered) == ["BROOK\\blk1", "OTHER\\blk1"]
    assert "others" not in owner.get(block_page(session)).context["form"].fields
    assert {rule.username for rule in AccessRule.objects.all()} == {"blk1", "BROOK\\blk1"}


def test_keeps_what_was_typed_when_something_is_wrong(owner, pool):
    everything = {"until": "soon", "reason": "", "scope": "world", "username": "a\0b"}
    asked = rule_asked(machine_name="LOAN-*")

    answers = {
        until: owner.post(add_page(pool), asked | wrong)
        for until, wrong in {
            "soon": everything,
            "past": {"until": "2020-01-01"},
            "far": {"until": "9999-12-31"},
        }.items()
    }

    assert [answer.status_code for answer in answers.values()] == [422] * 3
    for words in (
        "This is no date",
        "Say why, in a few words.",
        "chosen here",
        "a character in it that nobody can see",
    ):
        assert words in answers["soon"].text
    assert "Choose today or a later day." in answers["past"].text
    assert "Choose a day within ten years, or none." in answers["far"].text
    assert 'value="LOAN-*"' in answers["far"].text
    assert not AccessRule.objects.exists()


def test_lifts_a_rule(owner, account, pool):
    rule = rules.add(account, NewRule(username="J. Smith"), by=TESTER, reason="Left us")

    page = owner.get(lift_page(pool, rule))
    response = owner.post(lift_page(pool, rule), {"reason": "Came back"})

    assert "It holds for every licence of Brook &amp; Co." in page.text
    assert said(response) == [("success", "Lifted: Block J. Smith on any machine.")]
    assert last_entry()[:2] == ("rule_lifted", "Came back")
    assert get_in(pool, username="J. Smith")


def test_a_rule_that_has_ended_says_so(owner, account, pool):
    rule = rules.add(account, NewRule(username="J. Smith"), by=TESTER)
    rules.lift(rule, by=TESTER)

    response = owner.post(lift_page(pool, rule), {"reason": "Came back"})

    assert said(response) == [("info", "This rule had ended already. Nothing was changed.")]


def test_the_licence_lists_the_rules_in_force(owner, account, pool):
    rules.add(account, NewRule(username="J. Smith"), by=TESTER, reason="Left us")
    rules.add(account, NewRule(licence=pool.licence, machine_name="LOAN-*"), by=TESTER)
    rules.lift(rules.add(account, NewRule(username="lifted"), by=TESTER), by=TESTER)
    rules.add(account, NewRule(licence=make_pool(account=account).licence, username="x"), by=TESTER)

    listed = owner.get(licence_page(pool)).context["page"].rules

    assert [(str(row.who), str(row.where), row.status) for row in listed] == [
        ("Anybody", "LOAN-*", "blocked"),
        ("J. Smith", "Any machine", "blocked"),
    ]


def test_a_viewer_may_not(viewer, owner, account, pool, session):
    rule = rules.add(account, NewRule(username="other"), by=TESTER)

    pages = [add_page(pool), block_page(session), lift_page(pool, rule)]
    shown = viewer.get(licence_page(pool)).text + viewer.get(f"/sessions/{session.pk}/").text

    assert [viewer.get(page).status_code for page in pages] == [403] * 3
    assert [viewer.post(page, rule_asked(**JSMITH)).status_code for page in pages] == [403] * 3
    assert [words in shown for words in ("Block somebody", "Block this", ">Lift<")] == [False] * 3
    assert AccessRule.objects.current().count() == 1


def test_another_account_finds_nothing(stranger, account, pool, session):
    rule = rules.add(account, NewRule(username="other"), by=TESTER)

    pages = [add_page(pool), block_page(session), lift_page(pool, rule)]

    assert [stranger.post(page, rule_asked(**JSMITH)).status_code for page in pages] == [404] * 3
    assert AccessRule.objects.current().count() == 1


def test_another_accounts_rule_cannot_be_lifted_through_ones_own_licence(stranger, owner, pool):
    theirs = make_pool(name="Elsewhere")
    rule = rules.add(theirs.account, NewRule(username="other"), by=TESTER)

    assert owner.post(lift_page(pool, rule), {"reason": "x"}).status_code == 404


def test_strangers_sign_in_first(client, pool, session):
    for page in (add_page(pool), block_page(session)):
        assert client.get(page)["Location"].startswith("/accounts/login/?next=")
