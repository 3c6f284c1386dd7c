"""Acts that hurt in the wrong hands ask who does them to confirm that it is them.

The two tables name every address at which something can be done. A new one belongs into
one of them: does it decide who gets in, how, or what stays in the record?
"""

from __future__ import annotations

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from portal.models import Invitation, Membership, Role, User
from tests.factories import PASSWORD, AccountFactory, MembershipFactory
from tests.people import unsure
from tests.product import every_url

ASKS = {
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_remove_webauthn",
    "portal:add_api_token",
    "portal:add_domain",
    "portal:add_webhook",
    "portal:change_email",
    "portal:change_role",
    "portal:change_webhook",
    "portal:check_domain",
    "portal:download_deployment",
    "portal:invite",
    "portal:make_alert_feed",
    "portal:make_calendar",
    "portal:privacy",
    "portal:remove_domain",
    "portal:remove_leaver",
    "portal:remove_person",
    "portal:renew_sso",
    "portal:require_sso",
    "portal:require_two_step",
    "portal:reveal_key",
    "portal:reveal_webhook_secret",
    "portal:revoke_api_token",
    "portal:revoke_key",
    "portal:rotate_webhook_secret",
    "portal:sign_out_after",
    "portal:sso_newcomers",
    "portal:sso_settings",
    "portal:stop_requiring_sso",
    "portal:stop_requiring_two_step",
    "portal:told_when_refused",
    "portal:turn_off_sso",
    "portal:unlink_person",
    "portal:without_provider",
}
DOES_NOT_ASK = {
    "(unnamed)",
    "account_change_password",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email",
    "account_email_verification_sent",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_from_key",
    "account_set_password",
    "account_signup",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "portal:account_zone",
    "portal:add_alert_rule",
    "portal:add_key",
    "portal:add_rule",
    "portal:allow_only",
    "portal:ask_for_invitation",
    "portal:block_session",
    "portal:cancel_invitation",
    "portal:change_report",
    "portal:change_alert_rule",
    "portal:change_view",
    "portal:choose_columns",
    "portal:confirm_email",
    "portal:delete_view",
    "portal:end_overlap",
    "portal:end_report",
    "portal:export_audit",
    "portal:export_denials",
    "portal:export_licences",
    "portal:export_machines",
    "portal:export_sessions",
    "portal:export_usage",
    "portal:export_usage_days",
    "portal:export_usage_levels",
    "portal:export_usage_groups",
    "portal:export_usage_other_model",
    "portal:export_usage_people",
    "portal:export_usage_sessions",
    "portal:export_usage_sizes",
    "portal:export_usage_versions",
    "portal:export_usage_week",
    "portal:free_device",
    "portal:free_devices",
    "portal:get_alert_mails",
    "portal:invitation",
    "portal:label_key",
    "portal:licence_notes",
    "portal:licence_tags",
    "portal:lift_rule",
    "portal:new_request",
    "portal:offline_policy",
    "portal:order_report",
    "portal:own_way",
    "portal:pause_report",
    "portal:pause_alert_rule",
    "portal:profile",
    "portal:reissue_key",
    "portal:release_session",
    "portal:release_sessions",
    "portal:remove_alert_feed",
    "portal:remove_calendar",
    "portal:remove_alert_rule",
    "portal:remove_webhook",
    "portal:rename_licence",
    "portal:resend_invitation",
    "portal:resume_report",
    "portal:save_view",
    "portal:send_report",
    "portal:send_webhook_again",
    "portal:set_language",
    "portal:set_theme",
    "portal:single_sign_on",
    "portal:snooze",
    "portal:stop_report",
    "portal:snooze_alert",
    "portal:stop_alert_mails",
    "portal:stop_mails_of_alert",
    "portal:stop_rule_mails",
    "portal:switch_account",
    "portal:switch_and_send",
    "portal:tag_licences",
    "portal:test_alert_rule",
    "portal:test_sso",
    "portal:test_webhook",
    "portal:turn_off_webhook",
    "portal:turn_on_alert_rule",
    "portal:turn_on_webhook",
    "portal:undo_release",
    "portal:undo_tags",
    "portal:verify_audit",
    "portal:wake",
    "portal:wake_alerts",
    "portal:withdraw_request",
    "provider_login",
    "portal:working_hours",
    "saml_answer",
    "usersessions_list",
}
READ_BEFORE = {"portal:sso_settings"}
"""What this page says is no secret: only its form asks."""
OTHERS = ("admin:", "account_api:", "api:", "support:", "vendor_api:")
"""The desk's acts have a test of their own, programs have tokens."""


@pytest.fixture
def stolen(owner):
    """The browser of an owner with two-step sign-in, who left it open."""
    user = User.objects.get(name="Priya Shah")
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return unsure(owner)


def answers(browser, values, method, names=None):
    """What each address of the portal answers, or each of these names."""
    for address in every_url.every_address():
        if address.name in names if names else not address.name.startswith(OTHERS):
            yield address.name, every_url.response_to(browser, method, address.of(values))


def is_asked(response):
    """Whether the person is led to where they confirm that it is them."""
    return response.get("Location", "").startswith("/accounts/reauthenticate/?next=")


@pytest.mark.slow
def test_every_act_of_the_table_asks_and_each_other_is_listed(stolen, values):
    acts = {
        name: is_asked(response)
        for name, response in answers(stolen, values, "POST")
        if response.status_code != 405
    }

    assert {name for name, asks in acts.items() if asks} == ASKS
    assert {name for name, asks in acts.items() if not asks} == DOES_NOT_ASK


@pytest.mark.slow
def test_asks_before_a_form_is_filled_in(stolen, values):
    asked_late = {
        name
        for name, response in answers(stolen, values, "GET", names=ASKS)
        if response.status_code != 405 and not is_asked(response)
    }

    assert asked_late == READ_BEFORE


INVITE = "/people/invite/"
INVITED = {"emails": "new@example.com", "role": "owner", "message": ""}


def confirm(browser, address):
    """Give the password where the act led to, and go on."""
    asked = {"password": PASSWORD, "next": address}
    return browser.post("/accounts/reauthenticate/", asked, follow=True)


def test_a_form_that_was_sent_too_late_goes_on_after_the_password(owner):
    seen = owner.get(INVITE).context["seen"]
    assert is_asked(unsure(owner).post(INVITE, INVITED | {"seen": seen}))

    answer = confirm(owner, INVITE)

    assert "1 invitation is on its way." in answer.text
    assert Invitation.objects.get().role == Role.OWNER


def test_so_does_one_whose_address_says_whom_it_is_about(owner, account):
    leaving = MembershipFactory(account=account).user
    address = f"/people/leaver/remove/?email={leaving.email}"
    seen = owner.get(address).context["seen"]
    unsure(owner).post(address, {"parts": ["portal"], "reason": "Left", "seen": seen})

    confirm(owner, address)

    assert not Membership.objects.filter(user=leaving).exists()


def test_one_with_mistakes_comes_back_as_it_was_typed(owner):
    unsure(owner).post(INVITE, INVITED | {"emails": "no address", "message": "See you on Monday"})

    answer = confirm(owner, INVITE)

    assert answer.status_code == 422
    assert answer.context["form"]["message"].value() == "See you on Monday"
    assert f'action="{INVITE}"' in answer.text


def test_a_form_is_not_sent_by_confirming_something_else(owner):
    unsure(owner).post(INVITE, INVITED)

    confirm(owner, "/security/privacy/")

    assert not Invitation.objects.exists()


def test_a_form_is_not_sent_to_the_account_that_was_chosen_meanwhile(owner):
    other = AccountFactory(name="Young & Sons")
    MembershipFactory(account=other, user=User.objects.get(name="Priya Shah"), role=Role.OWNER)
    unsure(owner).post(INVITE, INVITED)
    owner.post("/switch-account/", {"account": other.pk})

    answer = confirm(owner, INVITE)

    assert "You changed to another account meanwhile. Nothing was done." in answer.text
    assert not Invitation.objects.exists()


def test_who_has_no_password_signs_in_anew_by_a_mailed_code(account, mailoutbox, client):
    user = MembershipFactory(account=account, role=Role.OWNER).user
    user.set_unusable_password()
    user.save()
    client.force_login(user)

    led = client.get(INVITE)
    client.post("/single-sign-on/own-way/")
    client.post("/accounts/login/code/", {"email": user.email})
    code = re.search(r"^\w{3,4}-?\w{3,4}$", mailoutbox[-1].body, re.MULTILINE)[0]
    client.post("/accounts/login/code/confirm/", {"code": code})

    assert led["Location"] == "/single-sign-on/own-way/?next=%2Fpeople%2Finvite%2F"
    assert client.get(INVITE).status_code == 200


def test_a_secret_that_waits_is_not_in_the_session_as_it_is(owner):
    sent = {"issuer": "https://id.example", "client_id": "portal", "secret": "hush-hush"}
    unsure(owner).post("/security/single-sign-on/", sent)

    assert "account_reauthentication_state" in owner.session
    assert "hush-hush" not in str(dict(owner.session))
