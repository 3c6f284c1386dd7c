"""Blocks of everybody, or of most: they are asked for twice."""

from __future__ import annotations

import html

import pytest

from licensing.models import AccessRule
from tests.factories import make_client, make_session
from tests.pages import said
from tests.portal.licences.somebody import add_page, block_page, rule_asked, the_rule, tick


@pytest.mark.parametrize(
    ("pattern", "number"),
    [("ACME*", 3), ("ACME\\a", 0), ("ACME\\a*", 0)],
    ids=["most", "one", "half"],
)
def test_asks_before_it_blocks_most_of_those_seen_of_late(owner, account, pool, pattern, number):
    for name in ("ACME\\a", "ACME\\ab", "ACME\\c", "x"):
        make_session(pool, make_client(username=name))
    asked = rule_asked(username=pattern)

    once = owner.post(add_page(pool), asked)

    assert once.status_code == (422 if number else 302)
    if number:
        assert (
            "This would block 3 of the 4 people seen there in the last 30 days "
            "(ACME\\a, ACME\\ab, ACME\\c). Name fewer, or confirm it here."
        ) in html.unescape(once.text)
        assert not AccessRule.objects.exists()
        owner.post(add_page(pool), asked | tick(once))
    assert the_rule() == (pattern, "", True)


def test_asks_before_it_blocks_a_machine_that_most_use(owner, pool):
    for name in ("a", "b"):
        one = make_session(pool, make_client(username=name, machine_name="CTX-01"))
    asked = {"whom": "machine", "scope": "account", "reason": "Lost"}

    once = owner.post(block_page(one), asked)
    owner.post(block_page(one), asked | tick(once))

    assert "This would block 2 of the 2 people" in once.text
    assert the_rule() == ("", "CTX-01", False)


def test_asks_twice_about_everybody(owner, pool):
    once = owner.post(add_page(pool), rule_asked(username="*"))

    assert once.status_code == 422
    assert "This would block everybody." in once.text
    assert "Left us</textarea>" in once.text
    assert not AccessRule.objects.exists()

    twice = owner.post(add_page(pool), rule_asked(username="*") | tick(once))

    assert said(twice)[0][1].startswith("Nobody can take a seat from now on.")
    assert the_rule() == ("*", "", True)


@pytest.mark.parametrize("other", [{"username": "*"}, {"scope": "account"}], ids=["who", "where"])
def test_a_tick_is_for_what_it_was_asked_about(owner, pool, other):
    for name in ("ACME\\a", "ACME\\b"):
        make_session(pool, make_client(username=name))
    asked = rule_asked(username="ACME*")
    once = owner.post(add_page(pool), asked)

    changed = owner.post(add_page(pool), asked | tick(once) | other)

    assert changed.status_code == 422
    assert "This would block" in changed.text
    assert "checked" not in str(changed.context["form"]["everybody"])
    assert not AccessRule.objects.exists()
    owner.post(add_page(pool), asked | tick(changed) | other)
    assert AccessRule.objects.count() == 1
