"""What an operator's alarm reads: fixed names, an address, an account, and no secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from licensing.models import AuditEntry
from portal.models import Scope, User
from portal.sign_in import alarms, two_step
from tests.api.desktop import check_out
from tests.api.programs import ask
from tests.factories import PASSWORD, make_api_token

SECRET = "Hunter2-Hunter2"
ADDRESS = "198.51.100.9"
PRIYA = "priya@example.com"


@pytest.fixture
def stranger_there(owner):
    """A browser somewhere, of somebody who tries to be the owner."""
    return Client(REMOTE_ADDR=ADDRESS)


def wrong_password(browser, _viewer):
    browser.post("/accounts/login/", {"login": PRIYA, "password": SECRET})


def too_many_passwords(browser, _viewer):
    for _ in range(6):
        wrong_password(browser, None)


def wrong_code(browser, _viewer):
    browser.post("/accounts/login/code/", {"email": PRIYA})
    browser.post("/accounts/login/code/confirm/", {"code": SECRET})


def wrong_second_step(browser, _viewer):
    user = User.objects.get(email=PRIYA)
    two_step.has(user) or TOTP.activate(user, generate_totp_secret())
    browser.post("/accounts/login/", {"login": PRIYA, "password": PASSWORD})
    browser.post("/accounts/two-step/authenticate/", {"code": SECRET})


def refused_act(_browser, viewer):
    viewer.get("/people/invite/", REMOTE_ADDR=ADDRESS)


EVENTS = {
    "sign_in_failed": wrong_password,
    "sign_in_braked": too_many_passwords,
    "sign_in_code_failed": wrong_code,
    "second_step_failed": wrong_second_step,
    "act_refused": refused_act,
}


def lines(caplog, event):
    """What was logged under this name."""
    return [r.msg for r in caplog.records if isinstance(r.msg, dict) and r.msg["event"] == event]


@pytest.mark.census
@pytest.mark.parametrize("event", EVENTS)
def test_is_a_line_with_address_and_account_and_one_entry(
    stranger_there, viewer, account, caplog, event
):
    for _ in range(2):
        EVENTS[event](stranger_there, viewer)

    told = lines(caplog, event)
    assert len(told) >= 2
    assert {(line["address"], line["accounts"]) for line in told} == {(ADDRESS, str(account.pk))}
    assert SECRET not in caplog.text
    entry = AuditEntry.objects.get(action=event)
    assert (entry.account, entry.address) == (account, ADDRESS)


def test_the_tenth_and_the_hundredth_are_told_with_their_number(owner, account, rf):
    member = account.memberships.get(user__email=PRIYA)
    request = rf.post("/")
    request.user = AnonymousUser()
    for _ in range(120):
        alarms.not_let_in(request, "sign_in_failed", member.user)

    entries = AuditEntry.objects.filter(action="sign_in_failed").order_by("number")
    assert [entry.details.get("times") for entry in entries] == [None, 10, 100]
    assert "So far 100 times within ten minutes." in owner.get("/audit/").text


def test_of_an_unknown_address_there_is_a_line_without_what_was_typed(client, db, caplog):
    client.post("/accounts/login/", {"login": "my-password@x.example", "password": SECRET})

    [line] = lines(caplog, "sign_in_failed")
    assert (line["user"], line["accounts"]) == (None, "")
    assert "my-password" not in caplog.text


def test_braked_keys_are_a_line_a_minute(client, pool, caplog):
    for _ in range(12):
        check_out(client, pool, product_key="wrong")

    [line] = lines(caplog, "key_braked")
    assert (line["address"], line["account"]) == ("127.0.0.1", pool.account_id)


def test_api_tokens_that_do_not_work_or_may_not_are_lines(client, account, caplog):
    token = make_api_token(account, Scope.USAGE)
    plain = token.plain
    ask(client, token, path="licences")
    token.plain = plain[:-1] + "!"
    ask(client, token)

    assert [line["accounts"] for line in lines(caplog, "act_refused")] == [str(account.pk)]
    assert [line["address"] for line in lines(caplog, "api_token_refused")] == ["127.0.0.1"]
    assert plain not in caplog.text


def test_operators_read_of_each():
    text = Path(settings.BASE_DIR, "docs/operations.md").read_text()

    others = {"key_braked", "api_token_refused"}
    assert {event for event in EVENTS.keys() | others if f"`{event}`" not in text} == set()
