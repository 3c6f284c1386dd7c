"""Acts of the desk that decide who gets in ask who does them to confirm that it is them."""

from __future__ import annotations

from django.contrib import admin

from portal.models import Invitation, Role
from support.admin.act_pages import ActAdmin
from tests.factories import PASSWORD, AccountFactory
from tests.people import unsure

SENSITIVE = {
    "account/invite",
    "account/leaver",
    "account/open",
    "membership/change-email",
    "membership/replace-email",
    "membership/remove",
    "membership/reset-two-step",
    "user/let-in",
    "user/lock-out",
    "user/rights",
}
OTHERS = {
    "accessrule/lift",
    "account/import-alm",
    "account/sell",
    "account/take-over-lease",
    "clientsession/release",
    "device/free",
    "device/write-off",
    "licence/add-key",
    "licence/block",
    "licence/close",
    "licence/feature",
    "licence/policy",
    "licence/reactivate",
    "licence/reinstate",
    "licence/remove-feature",
    "licence/seats",
    "licence/suspend",
    "licence/term",
    "productkey/end-sessions",
    "productkey/reissue",
    "productkey/revoke",
    "customerrequest/answer",
    "customerrequest/grant",
    "webhook/send-again",
    "webhook/send-test",
    "webhookdelivery/send-again",
}


def test_every_act_is_of_one_kind():
    acts = {
        f"{records.opts.model_name}/{act.name}": act.is_sensitive
        for records in admin.site._registry.values()
        if isinstance(records, ActAdmin)
        for act in records.acts
    }

    assert {name for name, is_sensitive in acts.items() if is_sensitive} == SENSITIVE
    assert {name for name, is_sensitive in acts.items() if not is_sensitive} == OTHERS


def test_a_sensitive_act_asks_and_then_goes_on_to_its_check(support):
    account = AccountFactory()
    address = f"/admin/licensing/account/invite/?id={account.pk}"
    asked = {"email": "new@example.com", "role": Role.OWNER}

    led = unsure(support).post(address, asked)
    sure = {"password": PASSWORD, "next": address}
    checked = support.post("/accounts/reauthenticate/", sure, follow=True)

    assert led["Location"].startswith("/accounts/reauthenticate/")
    assert "new@example.com" in checked.text
    assert not Invitation.objects.exists()
