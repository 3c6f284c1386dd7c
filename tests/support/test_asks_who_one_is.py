"""Acts of the desk that decide who gets in ask who does them to confirm that it is them."""

from __future__ import annotations

from portal.models import Invitation, Role
from support.console import tables
from tests.factories import PASSWORD, AccountFactory
from tests.people import unsure
from tests.support.acting import address as page_of

SENSITIVE = {
    "account/close",
    "account/erase-person",
    "account/merge",
    "account/invite",
    "account/leaver",
    "account/export",
    "account/open",
    "account/read-in",
    "invitation/send-again",
    "invitation/withdraw",
    "membership/change-email",
    "membership/leaver",
    "membership/replace-email",
    "membership/remove",
    "membership/reset-two-step",
    "product/minimum-version",
    "user/let-in",
    "user/lock-out",
    "user/rights",
}
OTHERS = {
    "accessrule/lift",
    "account/cancel-closing",
    "account/date-alm-end",
    "account/import-alm",
    "account/import-keygen",
    "account/import-options",
    "account/sell",
    "account/take-alm-end-back",
    "account/take-over-lease",
    "clientsession/release",
    "device/free",
    "device/write-off",
    "feature/offer",
    "feature/rename",
    "feature/withdraw",
    "licence/add-key",
    "licence/block",
    "licence/close",
    "licence/emergency",
    "licence/feature",
    "licence/policy",
    "licence/reactivate",
    "licence/reinstate",
    "licence/remove-feature",
    "licence/seats",
    "licence/suspend",
    "licence/term",
    "licencetemplate/add",
    "licencetemplate/change",
    "licencetemplate/offer",
    "licencetemplate/withdraw",
    "plannedseats/cancel",
    "plannedseats/end",
    "product/add",
    "product/add-feature",
    "product/offer",
    "product/rename",
    "product/withdraw",
    "productkey/end-overlap",
    "productkey/end-sessions",
    "productkey/hand-over",
    "productkey/reissue",
    "productkey/revoke",
    "customerrequest/answer",
    "customerrequest/grant",
    "customerrequest/take",
    "webhook/send-again",
    "webhook/send-test",
    "webhookdelivery/send-again",
}


def test_every_act_is_of_one_kind():
    acts = {
        f"{table.name}/{act.name}": act.is_sensitive
        for table in tables.ALL
        for act in table.kind.acts
    }

    assert {name for name, is_sensitive in acts.items() if is_sensitive} == SENSITIVE
    assert {name for name, is_sensitive in acts.items() if not is_sensitive} == OTHERS


def test_a_sensitive_act_asks_and_then_goes_on_to_its_check(support):
    account = AccountFactory()
    address = page_of("account", "invite", account)
    asked = {"email": "new@example.com", "role": Role.OWNER}

    led = unsure(support).post(address, asked)
    sure = {"password": PASSWORD, "next": address}
    checked = support.post("/accounts/reauthenticate/", sure, follow=True)

    assert led["Location"].startswith("/accounts/reauthenticate/")
    assert "new@example.com" in checked.text
    assert not Invitation.objects.exists()
