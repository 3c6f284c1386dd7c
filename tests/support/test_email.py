"""Support lets somebody sign in with another address: the old one can stop it, then it is dead."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from licensing.models import AuditEntry
from portal.models import User
from portal.people import email_changes
from tests.factories import PASSWORD, UserFactory, ago
from tests.support.acting import READ, address, check, confirm, do, foretold, wrong

NEW = "new@example.com"


@pytest.fixture
def sent(mailoutbox):
    """The links that were mailed, by who got them."""

    def links():
        found = {mail.to[0]: re.search(r"(/confirm-email/\S+)", mail.body) for mail in mailoutbox}
        return {to: link[1] for to, link in found.items() if link}

    return links


@pytest.fixture
def asked(support, member, sent, django_capture_on_commit_callbacks):
    """Support was asked for the new address; the two links."""
    with django_capture_on_commit_callbacks(execute=True):
        do(support, "membership", "change-email", member, email=NEW)
    return sent()


def signs_in(email):
    return Client().login(email=email, password=PASSWORD)


def now_of(member):
    return User.objects.get(pk=member.user_id).email


def a_day_passes(member):
    member.user.email_changes.update(due_at=ago(seconds=1))


def test_tells_first_who_is_asked_and_when(support, member):
    page = check(support, "membership", "change-email", member, email=NEW)

    assert foretold(page)[0] == f"{NEW} gets a mail and has to confirm within three days."


def test_writes_to_both_and_changes_nothing_yet(asked, member):
    assert sorted(asked) == sorted([NEW, member.user.email])
    assert now_of(member) == member.user.email
    entry = AuditEntry.objects.get(action="email_replacement_asked")
    assert (entry.actor_kind, entry.reason, entry.details) == ("support", READ, {"after": NEW})


def test_a_confirmed_address_waits_for_its_day(asked, client, member):
    page = client.post(asked[NEW], {"confirm": ""})

    assert "Until then the old address can stop it." in page.text
    assert email_changes.carry_out_due() == 0
    assert now_of(member) == member.user.email


def test_the_old_address_stops_it(asked, client, member):
    client.post(asked[NEW], {"confirm": ""})
    client.post(asked[member.user.email], {"cancel": ""})
    a_day_passes(member)

    assert email_changes.carry_out_due() == 0
    assert now_of(member) == member.user.email
    assert "no longer works" in client.get(asked[NEW]).text


def test_the_old_address_is_led_to_stop_it(asked, client, member):
    first = {to: client.get(link).text.split("btn-primary")[1] for to, link in asked.items()}

    assert first[member.user.email].split(">")[0].endswith('name="cancel"')
    assert first[NEW].split(">")[0].endswith('name="confirm"')


def test_nothing_changes_unless_the_new_address_confirms(asked, client, member):
    a_day_passes(member)

    assert email_changes.carry_out_due() == 0
    client.post(asked[NEW], {"confirm": ""})
    assert now_of(member) == NEW


@pytest.mark.slow
def test_after_a_day_the_old_address_is_dead(
    asked, client, member, mailoutbox, django_capture_on_commit_callbacks
):
    old = member.user.email
    EmailAddress.objects.create(user=member.user, email=old, verified=True, primary=True)
    browser = Client()
    browser.post("/accounts/login/", {"login": old, "password": PASSWORD})
    assert browser.get("/").status_code == 200
    client.post(asked[NEW], {"confirm": ""})
    a_day_passes(member)
    mailoutbox.clear()

    with django_capture_on_commit_callbacks(execute=True):
        assert email_changes.carry_out_due() == 1

    assert (signs_in(old), signs_in(NEW)) == (False, True)
    assert browser.get("/").status_code == 302
    assert list(EmailAddress.objects.values_list("user", "email")) == [(member.user_id, NEW)]
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted([old, NEW])
    entry = AuditEntry.objects.get(action="email_replaced")
    assert (entry.actor_kind, entry.reason) == ("support", READ)
    assert entry.details == {"before": old, "after": NEW}


def test_an_address_that_became_somebodys_meanwhile_ends_the_change(asked, client, member):
    client.post(asked[NEW], {"confirm": ""})
    UserFactory(email=NEW)
    a_day_passes(member)

    assert email_changes.carry_out_due() == 0
    assert not member.user.email_changes.open().exists()


def test_what_was_mailed_before_opens_nothing(superuser, client, member, mailoutbox):
    old = member.user.email
    EmailAddress.objects.create(user=member.user, email=old, verified=True, primary=True)
    client.post("/accounts/login/code/", {"email": old})
    code = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]+)$", mailoutbox[-1].body, re.MULTILINE)[1]
    Client().post("/accounts/password/reset/", {"email": old})
    reset = re.search(r"(/accounts/password/reset/key/\S+)", mailoutbox[-1].body)[1]

    do(superuser, "membership", "replace-email", member, email=NEW)

    client.post("/accounts/login/code/confirm/", {"code": code})
    assert "_auth_user_id" not in client.session
    answer = Client().get(reset, follow=True)
    assert 'name="password1"' not in answer.text


def test_at_once_is_for_superusers_alone(superuser, support, member):
    page = address("membership", "replace-email", member)

    assert support.post(page, {"reason": READ, "email": NEW}).status_code == 403
    do(superuser, "membership", "replace-email", member, email=NEW)
    assert now_of(member) == NEW
    assert AuditEntry.objects.get(action="email_replaced").reason == READ


@pytest.mark.parametrize("act", ["change-email", "replace-email"])
def test_nobody_gets_somebody_elses_address(superuser, member, act):
    UserFactory(email=NEW)

    page = check(superuser, "membership", act, member, email=NEW.upper())

    assert wrong(page) == {"__all__": [f"Somebody signs in as {NEW} already."]}


def test_the_desk_does_not_move_staff(support, member):
    User.objects.filter(pk=member.user_id).update(is_staff=True)

    page = support.get(address("membership", "change-email", member))

    assert page.status_code == 409
    confirm(support, page)
    assert not member.user.email_changes.exists()
