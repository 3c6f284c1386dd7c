"""Codes, links and confirmations live as long as they say, and not a moment longer."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db.models import F
from django.test import Client

from portal.models import EmailChange, Invitation, Membership, Role, User
from portal.people import email_changes, invitations
from tests.factories import PASSWORD, TESTER, MembershipFactory, UserFactory

MOMENT = dt.timedelta(seconds=20)


@pytest.fixture
def person(account):
    return MembershipFactory(account=account, user=UserFactory(email="priya@example.com")).user


def code_of_mail(browser, person, mailoutbox):
    """A mailed code; what giving it means."""
    browser.post("/accounts/login/code/", {"email": person.email})
    code = re.search(r"^\w{3,4}-?\w{3,4}$", mailoutbox[0].body, re.MULTILINE)[0]

    def is_good():
        browser.post("/accounts/login/code/confirm/", {"code": code})
        return "_auth_user_id" in browser.session

    return is_good


def link_to_password(browser, person, mailoutbox):
    """A link to a new password; what opening it means."""
    browser.post("/accounts/password/reset/", {"email": person.email})
    link = re.search(r"https?://testserver(/accounts/\S+)", mailoutbox[0].body)[1]
    return lambda: browser.get(link).status_code == 302


def confirmation(browser, person, _mailoutbox):
    """A password given once more; whether a sensitive page opens without asking again."""
    browser.force_login(person)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return lambda: browser.get("/profile/email/").status_code == 200


def sign_in(browser, person, _mailoutbox):
    """A sign-in."""
    browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return lambda: browser.get("/licences/").status_code == 200


BY_THE_CLOCK = {
    code_of_mail: dt.timedelta(minutes=15),
    link_to_password: dt.timedelta(hours=24),
    confirmation: dt.timedelta(minutes=10),
    sign_in: dt.timedelta(hours=24),
}


@pytest.mark.census
@pytest.mark.parametrize("begin", BY_THE_CLOCK)
@pytest.mark.parametrize(("off", "is_good"), [(-MOMENT, True), (MOMENT, False)])
def test_ends_on_time(person, client, mailoutbox, begin, off, is_good):
    begun = dt.datetime.now(dt.UTC)
    works = begin(client, person, mailoutbox)

    with time_machine.travel(begun + BY_THE_CLOCK[begin] + off):
        assert works() == is_good


@pytest.mark.parametrize(("off", "is_good"), [(MOMENT, True), (-MOMENT, False)])
def test_an_invitation_ends_after_seven_days(account, client, off, is_good):
    invited = invitations.invite(account, "new@example.com", Role.VIEWER, by=TESTER)
    invited.refresh_from_db()
    lasts = invited.ends_at - invited.created_at
    Invitation.objects.update(ends_at=F("ends_at") - lasts + off)

    client.post(f"/invitations/{invited.code}/", {"name": "New", "password": "a long password 7"})

    assert abs(lasts - dt.timedelta(days=7)) < MOMENT
    assert Membership.objects.filter(user__email="new@example.com").exists() == is_good


@pytest.mark.parametrize(("off", "is_good"), [(MOMENT, True), (-MOMENT, False)])
def test_a_change_of_address_ends_after_24_hours(person, client, off, is_good):
    change = email_changes.ask(person, "elsewhere@example.com")
    EmailChange.objects.update(ends_at=F("ends_at") - dt.timedelta(hours=24) + off)

    for code in (change.old_code, change.new_code):
        client.post(f"/confirm-email/{code}/")

    assert User.objects.filter(email="elsewhere@example.com").exists() == is_good


def test_a_link_to_a_new_password_works_once(person, mailoutbox):
    browser = Client()
    opens = link_to_password(browser, person, mailoutbox)
    link = re.search(r"https?://testserver(/accounts/\S+)", mailoutbox[0].body)[1]
    new = {"password1": "a brand new password", "password2": "a brand new password"}
    browser.post(browser.get(link)["Location"], new)

    assert not opens()


@pytest.mark.parametrize(
    ("mail", "words"),
    [
        ("account/email/password_reset_key_message.txt", "within 24 hours"),
        ("account/email/login_code_subject.txt", "15 minutes"),
        ("mail/email_change.txt", "24 hours"),
    ],
)
def test_the_mail_says_so(mail, words):
    assert words in Path(settings.BASE_DIR, "templates", mail).read_text()
