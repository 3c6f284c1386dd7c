"""Whoever is taken out of an account, or may not sign in any more, is out at once, by every way."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from portal.models import ApiToken, Invitation, Membership, Role, User
from portal.people import email_changes, invitations, members
from tests.api.programs import ask
from tests.factories import PASSWORD, TESTER, MembershipFactory, UserFactory, make_api_token
from tests.people import signed_in

LINK = r"https?://testserver(/accounts/password/reset/key/\S+)"
NEW = {"password1": "a brand new password", "password2": "a brand new password"}


@pytest.fixture
def leaving(account, owner):
    """An owner who leaves; another stays."""
    user = UserFactory(email="leaving@example.com")
    return MembershipFactory(account=account, role=Role.OWNER, user=user)


def remove(member):
    """Take the person out of the account."""
    members.remove(member, by=TESTER)


def bar(member):
    """The vendor's staff end the person's sign-in everywhere."""
    User.objects.filter(pk=member.user_id).update(is_active=False)


ENDS = pytest.mark.parametrize("end", [remove, bar])


def sees_the_account(browser):
    """Whether the browser is shown anything of it."""
    answer = browser.get("/licences/", follow=True)
    return "Brook &amp; Co" in answer.text or answer.context.get("account") is not None


@ENDS
def test_an_open_session_shows_nothing_at_the_next_click(leaving, end):
    browser = signed_in(leaving.user)
    assert sees_the_account(browser)

    end(leaving)

    assert not sees_the_account(browser)
    assert browser.post("/people/invite/", {"emails": "a@example.com"}).status_code in (302, 404)


@ENDS
def test_a_mailed_code_opens_nothing(leaving, end, mailoutbox):
    browser = Client()
    browser.post("/accounts/login/code/", {"email": leaving.user.email})
    code = re.search(r"^\w{3,4}-?\w{3,4}$", mailoutbox[0].body, re.MULTILINE)[0]

    end(leaving)
    browser.post("/accounts/login/code/confirm/", {"code": code})

    assert not sees_the_account(browser)


@ENDS
def test_a_link_to_a_new_password_opens_nothing(leaving, end, mailoutbox):
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": leaving.user.email})
    link = re.search(LINK, mailoutbox[0].body)[1]

    end(leaving)
    form = browser.get(link).get("Location", link)
    browser.post(form, NEW)
    answer = {"login": leaving.user.email, "password": NEW["password1"]}
    browser.post("/accounts/login/", answer)

    assert not sees_the_account(browser)


def test_who_is_barred_sets_no_password_by_an_old_link(leaving, mailoutbox):
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": leaving.user.email})
    link = re.search(LINK, mailoutbox[0].body)[1]

    bar(leaving)
    browser.post(browser.get(link).get("Location", link), NEW)

    leaving.user.refresh_from_db()
    assert leaving.user.check_password(PASSWORD)


def test_an_earlier_invitation_does_not_let_them_in_again(leaving, account):
    waiting = Invitation.objects.create(
        account=account, email=leaving.user.email, role=Role.OWNER, ends_at="2100-01-01T00:00Z"
    )
    browser = signed_in(leaving.user)

    remove(leaving)
    browser.post(f"/invitations/{waiting.code}/")

    assert not Membership.objects.filter(user=leaving.user).exists()


def test_nor_does_the_invitation_that_they_came_by(leaving, account):
    used = Invitation.objects.create(
        account=account, email="new@example.com", role=Role.OWNER, ends_at="2100-01-01T00:00Z"
    )
    user = invitations.accept(used, name="New", password=PASSWORD)
    browser = signed_in(user)

    remove(Membership.objects.get(user=user))
    browser.post(f"/invitations/{used.code}/")

    assert not Membership.objects.filter(user=user).exists()


def test_who_is_barred_changes_no_address_by_an_old_link(leaving, client):
    change = email_changes.ask(leaving.user, "elsewhere@example.com")

    bar(leaving)
    for code in (change.old_code, change.new_code):
        client.post(f"/confirm-email/{code}/")

    leaving.user.refresh_from_db()
    assert leaving.user.email == "leaving@example.com"


def test_api_tokens_that_they_made_end_and_others_go_on(leaving, account, client):
    theirs, other = make_api_token(account, by=leaving.user.as_actor), make_api_token(account)

    remove(leaving)

    assert [ask(client, token).status_code for token in (theirs, other)] == [401, 200]
    assert ApiToken.objects.get(pk=theirs.pk).revoked_at


def test_the_owner_who_removes_them_reads_that_first(owner, leaving, account):
    make_api_token(account, by=leaving.user.as_actor)

    page = owner.get(f"/people/{leaving.pk}/remove/").text
    leaver = owner.get(f"/people/leaver/remove/?email={leaving.user.email}").text

    words = "1 API token that they made stops working. Whatever uses it needs a new one."
    assert words in page
    assert words in leaver


def test_the_cookie_of_before_signing_out_opens_nothing(owner):
    kept = owner.cookies["sessionid"].value
    owner.post("/accounts/logout/")

    thief = Client()
    thief.cookies["sessionid"] = kept

    assert thief.get("/licences/")["Location"].startswith("/accounts/login/")


def test_nor_does_that_of_a_session_that_was_ended_elsewhere(leaving):
    here, there = Client(), Client()
    for browser in (here, there):
        browser.post("/accounts/login/", {"login": leaving.user.email, "password": PASSWORD})

    here.post("/accounts/sign-ins/")

    assert there.get("/licences/")["Location"].startswith("/accounts/login/")
