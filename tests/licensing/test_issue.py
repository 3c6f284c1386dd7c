"""Issuing a licence makes everything that it needs, or nothing."""

from __future__ import annotations

import pytest

from licensing import errors, licences
from licensing.licences import Order, UsageModel
from licensing.models import Account, AuditEntry, Licence
from tests.factories import TESTER, days_from_today

pytestmark = pytest.mark.django_db


def issue(**order):
    return licences.issue(Order(**({"account_name": "Brook & Co", "seats": 3} | order)), by=TESTER)


def test_makes_account_seats_features_and_a_key():
    key, plain = issue(name="London planners", features=["bim", "4d"])

    licence = key.licence
    assert (licence.account.name, licence.name) == ("Brook & Co", "London planners")
    assert licence.seat_rows.free().count() == 3
    assert sorted(f.feature.code for f in licence.licence_features.all()) == ["4d", "bim"]
    assert plain.endswith(key.last_four)


def test_finds_the_account_in_whatever_case():
    issue()

    key, _ = issue(account_name=" brook & CO ", name="Leeds")

    assert Account.objects.count() == 1
    assert key.account.name == "Brook & Co"


def test_is_audited():
    issue()

    actions = AuditEntry.objects.order_by("number").values_list("action", flat=True)
    assert list(actions) == ["account_created", "licence_issued", "key_issued"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"seats": 0}, "between 1 and 100,000 seats"),
        ({"account_name": " "}, "An account needs a name."),
        ({"product": "excel"}, "There is no product 'excel'."),
        ({"features": ["bim", "dance"]}, "Asta Powerproject has no feature dance."),
        ({"starts_on": days_from_today(2), "ends_on": days_from_today(1)}, "before it starts"),
        ({"usage_model": UsageModel.LEASE}, "Lease licences are not sold any more"),
    ],
)
def test_a_wrong_order_makes_nothing_and_says_why(wrong, words):
    with pytest.raises(errors.InvalidOperation, match=words):
        issue(**wrong)

    assert not Licence.objects.exists()
    assert not Account.objects.exists()


def test_single_user_has_the_faq_s_thirty_days():
    key, _ = issue(usage_model=UsageModel.SINGLE_USER)

    assert (key.licence.grace_period.days, key.licence.reclaim_after) == (30, None)
