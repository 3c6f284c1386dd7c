"""Somebody leaves a customer who calls the desk: all that they were given goes in one act."""

from __future__ import annotations

import pytest

from licensing.models import AccessRule, AuditEntry, ClientSession, Device
from portal.models import Membership, Role
from tests.factories import (
    AccountFactory,
    MembershipFactory,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)
from tests.support.acting import READ, check, confirm, foretold, told, wrong

NAME = "BROOK\\jsmith"


@pytest.fixture
def account(db):
    """Where J. Smith has a seat, a device and a role."""
    account = AccountFactory(name="Brook & Co")
    MembershipFactory(account=account)
    MembershipFactory(account=account, role=Role.VIEWER, user__email="j.smith@brook.example")
    make_session(make_pool(account=account), make_client(username=NAME))
    make_session(make_single_user(account=account), make_client(username=NAME))
    return account


def test_all_of_it_goes_at_once(support, account):
    asked = {"username": NAME, "email": "John Smith <J.Smith@Brook.example>;"}

    page = check(support, "account", "leaver", account, **asked)
    answer = confirm(support, page)

    assert len(foretold(page)) == 4
    assert told(answer) == [f"Took everything from {NAME} that Brook & Co had given them."]
    assert not ClientSession.objects.active().exists()
    assert not Device.objects.bound().exists()
    assert not Membership.objects.filter(user__email="j.smith@brook.example").exists()
    assert AccessRule.objects.get().username == NAME
    assert AuditEntry.objects.get(action="leaver_removed").reason == READ


def test_a_mistyped_name_is_answered_by_the_nearest(support, account):
    page = check(support, "account", "leaver", account, username="JSmtih")
    assert foretold(page)[0] == f"Is {NAME} or j.smith@brook.example meant?"
    page = check(support, "account", "leaver", account, email="j.smtih@brook.example")
    assert wrong(page)["__all__"][0].endswith(f"Is j.smith@brook.example or {NAME} meant?")
    page = check(support, "account", "leaver", account, username=NAME)
    assert "meant?" not in str(foretold(page))


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "username"),
        ({"username": "j*"}, "username"),
        ({"username": "BROOK\\"}, "username"),
        ({"email": "a@x.example, b@x.example"}, "email"),
        ({"email": "nobody@brook.example"}, "__all__"),
    ],
)
def test_who_is_not_named_or_has_nothing_is_said(support, account, asked, field):
    page = check(support, "account", "leaver", account, **asked)

    assert list(wrong(page)) == [field]
    assert ClientSession.objects.active().count() == 2


def test_nobody_is_told_of_a_rule_that_is_not_made(support, account):
    MembershipFactory(account=account, user__email="new@brook.example")

    page = check(support, "account", "leaver", account, email="new@brook.example")

    assert foretold(page)[-1].startswith("No rule blocks them: their user name is not known")


def test_the_last_owner_stays(support, account):
    owner = account.memberships.get(role=Role.OWNER)

    page = check(support, "account", "leaver", account, email=owner.user.email)

    assert wrong(page) == {"email": ["Brook & Co needs an owner. Make someone else owner first."]}
