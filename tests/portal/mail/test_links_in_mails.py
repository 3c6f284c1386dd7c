"""Links in mails lead to where the product lives, whatever host a request named."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from portal.models import Invitation, Role
from portal.people import invitations
from portal.sign_in import guesses
from tests.factories import PASSWORD, TESTER

HOSTILE = "hostile.example"
HOST = {"Host": HOSTILE}
PRIYA = "priya@example.com"


@pytest.fixture(autouse=True)
def hostile_host(settings):
    """A host that the operator allows, such as an old name that somebody else has by now."""
    settings.ALLOWED_HOSTS = ["testserver", HOSTILE]


@pytest.fixture
def ended(account):
    """An invitation that has ended."""
    invitation = invitations.invite(account, "new@example.com", Role.VIEWER, by=TESTER)
    Invitation.objects.update(ends_at="2020-01-01T00:00Z")
    return invitation


def wrong_passwords():
    for number in range(guesses.TOLD_FROM):
        wrong = {"login": PRIYA, "password": "wrong"}
        Client(headers=HOST, REMOTE_ADDR=f"198.51.{number}.1").post("/accounts/login/", wrong)


def sign_in_twice():
    for agent in ("Firefox/140.0", "Safari/605.1.15 Version/17"):
        browser = Client(headers=HOST | {"User-Agent": agent})
        browser.post("/accounts/login/", {"login": PRIYA, "password": PASSWORD})


NEW_PASSWORD = {
    "oldpassword": PASSWORD,
    "password1": "a brand new password",
    "password2": "a brand new password",
}
ACTS = {
    "reset": lambda post, _: post("/accounts/password/reset/", {"email": PRIYA}),
    "unknown": lambda post, _: post("/accounts/password/reset/", {"email": "x@example.com"}),
    "code": lambda post, _: post("/accounts/login/code/", {"email": PRIYA}),
    "invite": lambda post, _: post(
        "/people/invite/", {"emails": "a@example.com", "role": "viewer", "message": ""}
    ),
    "resend": lambda post, ended: post(f"/people/invitations/{ended.pk}/resend/", {}),
    "ask again": lambda post, ended: post(f"/invitations/{ended.code}/ask/", {}),
    "email": lambda post, _: post("/profile/email/", {"email": "b@example.com"}),
    "password": lambda post, _: post("/accounts/password/change/", NEW_PASSWORD),
    "request": lambda post, _: post("/requests/new/", {"kind": "help", "text": "Please call."}),
    "wrong passwords": lambda _post, _ended: wrong_passwords(),
    "unusual sign-in": lambda _post, _ended: sign_in_twice(),
}


@pytest.mark.slow
@pytest.mark.parametrize("act", ACTS)
def test_name_no_host_that_a_request_named(
    owner, ended, mailoutbox, settings, django_capture_on_commit_callbacks, act
):
    browser = Client() if act in ("reset", "unknown", "code") else owner

    def post(path, form):
        return browser.post(path, form, headers=HOST)

    with django_capture_on_commit_callbacks(execute=True):
        ACTS[act](post, ended)

    assert mailoutbox
    for mail in mailoutbox:
        for text in (mail.subject, mail.body, *(html for html, _kind in mail.alternatives)):
            assert HOSTILE not in text
            for link in re.findall(r"https?://[^\s\"<]+", text):
                assert link.startswith((settings.BASE_URL, "http://www.w3.org/"))
