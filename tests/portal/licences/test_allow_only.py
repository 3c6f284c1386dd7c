"""Letting only some users or machines in."""

from __future__ import annotations

import html

import pytest

from licensing import errors, sessions
from licensing.models import AccessRule
from tests.factories import make_client, make_pool, make_session
from tests.portal.licences.somebody import tick


def allow(browser, key, **asked):
    asked = {"scope": "licence", "reason": "Planners only"} | asked
    return browser.post(f"/licences/{key.licence_id}/rules/allow/", asked)


def test_lets_in_whom_the_rule_names_and_nobody_else(manager, pool):
    allow(manager, pool, machine_name="CAD-*")

    _grant, created = sessions.check_out(pool, make_client(machine_name="cad-017"))
    assert created
    with pytest.raises(errors.AccessBlocked):
        sessions.check_out(pool, make_client(machine_name="PC-1"))


def test_a_rule_about_everybody_allows_nobody_in_particular(manager, pool):
    response = allow(manager, pool, username="*")

    assert response.status_code == 422
    assert not AccessRule.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404), ("staff", 404)])
def test_others_may_not(request, who, status, pool):
    assert allow(request.getfixturevalue(who), pool, username="me").status_code == status


def test_offers_the_names_of_the_user_whom_the_rule_would_keep_out(manager, account, pool):
    make_session(make_pool(1, account=account), make_client(username="BROOK\\anna"))

    once = allow(manager, pool, username="anna")
    allow(manager, pool, username="anna", offered_to="anna", others=["BROOK\\anna"])

    assert once.status_code == 422
    assert set(AccessRule.objects.values_list("username", "effect")) == {
        ("anna", "allow"),
        ("BROOK\\anna", "allow"),
    }
    assert sessions.check_out(pool, make_client(username="BROOK\\anna"))[1]


def test_asks_before_it_leaves_most_people_out(manager, pool):
    for name in ("BROOK\\a", "BROOK\\b", "BROOK\\c"):
        make_session(pool, make_client(username=name))

    once = allow(manager, pool, username="BROOK\\c")
    typed = allow(manager, pool, username="BROOK\\nobody", **tick(once))

    assert (
        "This would leave out 2 of the 3 people seen there in the last 30 days "
        "(BROOK\\a, BROOK\\b) and let in 1 of them."
    ) in html.unescape(once.text)
    assert "leave out 3 of the 3" in typed.text
    assert not AccessRule.objects.exists()
    for name in ("BROOK\\nobody", "BROOK\\a"):  # one more leaves nobody out
        allow(manager, pool, username=name, **tick(typed))
    assert AccessRule.objects.count() == 2
