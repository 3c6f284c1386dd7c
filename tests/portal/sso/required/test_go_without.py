"""Owners get in without the provider in an emergency, and nobody else does."""

from __future__ import annotations

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from licensing.models import AuditEntry
from portal.models import Role
from tests.pages import last_entry
from tests.people import signed_in
from tests.portal.sso.provider import member
from tests.portal.sso.required.ways import CLOSED, in_own_way


def test_an_owner_gets_in_without_the_provider_and_all_are_told(
    client, priya, second_step, required, mailoutbox
):
    member(required.account, "ann@elsewhere.example", Role.OWNER)
    in_own_way(client, code=second_step)
    mailoutbox.clear()

    response = client.post("/single-sign-on/without/", {"reason": "The provider is down."})

    assert response["Location"] == "/"
    assert client.get("/people/").status_code == 200
    assert last_entry() == (
        "sso_gone_without", "The provider is down.", "Priya Shah <priya@brook.example>",
    )  # fmt: skip
    subject = "Priya Shah opened Brook & Co without single sign-on"
    told = [(mail.to[0], mail.subject) for mail in mailoutbox]
    assert sorted(told) == [("ann@elsewhere.example", subject), ("priya@brook.example", subject)]
    assert "The provider is down." in mailoutbox[0].body


def test_an_owner_without_a_second_step_does_not(client, priya, required):
    in_own_way(client)

    response = client.post("/single-sign-on/without/", {"reason": "The provider is down."})

    assert response.status_code == 422
    assert "Only owners with two-step sign-in or a passkey" in response.text
    assert client.get("/people/")["Location"].startswith(CLOSED)


def test_a_second_step_that_was_not_given_does_not_count(priya, second_step, required):
    browser = signed_in(priya)

    response = browser.post("/single-sign-on/without/", {"reason": "The provider is down."})

    assert "Sign out, and in again with your second step" in response.text


def test_nobody_but_owners_gets_in_without_it(client, required, account):
    viewer = member(account, "tom@brook.example", Role.MANAGER)
    TOTP.activate(viewer.user, generate_totp_secret())
    code = RecoveryCodes.activate(viewer.user).get_unused_codes()[0]
    in_own_way(client, "tom@brook.example", code)

    response = client.post("/single-sign-on/without/", {"reason": "The provider is down."})

    assert "Only owners who signed in a way of their own" in response.text
    assert "Open it without, as an owner" not in client.get(CLOSED).text
    assert not AuditEntry.objects.filter(action="sso_gone_without").exists()


def test_who_is_no_owner_any_more_is_led_back(client, priya, second_step, required):
    in_own_way(client, code=second_step)
    client.post("/single-sign-on/without/", {"reason": "The provider is down."})

    priya.memberships.update(role=Role.MANAGER)

    assert client.get("/licences/")["Location"].startswith(CLOSED)
