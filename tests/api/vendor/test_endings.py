"""What a shop is told of an account that was closed, or merged into another."""

from __future__ import annotations

from licensing.models import Account
from portal.accounts import merging
from tests.api.vendor.shop import ORDER, read, send
from tests.factories import TESTER, AccountFactory


def test_a_merged_account_says_where_it_is_and_an_order_for_it_is_refused(client, token, account):
    other = AccountFactory(name="Hill & Dale")
    merging.merge(other, account, by=TESTER)

    told = read(client, token, f"accounts/{other.pk}").json()
    refused = send(client, token, f"accounts/{other.pk}/licences", ORDER)

    closed_at = Account.objects.get(pk=other.pk).closed_at
    assert told["merged_into"] == account.pk
    assert told["closed_at"][:19] == closed_at.isoformat()[:19]
    assert (refused.status_code, refused.json()["detail"]) == (409, "Hill & Dale is closed.")
    assert read(client, token, f"accounts/{account.pk}").json()["closed_at"] is None
