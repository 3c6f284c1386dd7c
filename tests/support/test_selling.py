"""A customer who is new: their account, its first owner, their licences; and an end to access."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import included
from licensing.models import Account, AuditEntry, Feature, Licence, LicenceFeature
from portal.models import Invitation, Membership, Role
from support.acts import features
from support.acts.hand_over import HAND_OVER
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    UserFactory,
    make_client,
    make_pool,
    make_session,
)
from tests.support.acting import READ, check, confirm, foretold, told, wrong

OPEN = "/support/acts/account/open/"
NEW = {
    "name": "Hill & Dale",
    "time_zone": "Europe/Berlin",
    "email": "Ann@Hill.example",
}


def test_sales_open_an_account_and_invite_its_first_owner(sales, mailoutbox):
    page = sales.post(OPEN, NEW, follow=True)
    answer = confirm(sales, page)

    account, invitation = Account.objects.get(), Invitation.objects.get()
    assert foretold(page) == [
        "The account Hill & Dale is opened, without licences. Its days are those of Europe/Berlin.",
        "ann@hill.example gets a mail with a link, good for 7 days, and becomes owner by "
        "accepting.",
    ]
    assert told(answer) == ["Opened the account Hill & Dale and invited Ann@Hill.example as owner."]
    assert answer.headers["Location"] == f"/support/accounts/{account.pk}/"
    assert (account.name, account.time_zone) == ("Hill & Dale", "Europe/Berlin")
    assert (invitation.email, invitation.role) == ("ann@hill.example", Role.OWNER)
    assert [mail.to for mail in mailoutbox] == [["ann@hill.example"]]
    entries = AuditEntry.objects.order_by("number").values_list("action", "reason")
    assert list(entries) == [("account_created", READ), ("person_invited", READ)]


def test_one_customer_is_one_account(sales):
    AccountFactory(name="HILL & DALE")

    page = sales.post(OPEN, NEW, follow=True)

    assert wrong(page) == {"name": ["There is an account called HILL & DALE already."]}


def test_a_customer_of_nearly_the_name_is_told_and_keeps_nobody_from_it(sales):
    AccountFactory(name="Hill and Dale Ltd")

    page = sales.post(OPEN, NEW, follow=True)

    assert foretold(page)[0] == "There is Hill and Dale Ltd already: is that who it is for?"
    assert told(confirm(sales, page))[0].startswith("Opened the account Hill & Dale")


def test_its_first_owner_is_nobody_of_the_staff(sales):
    UserFactory(email="ann@hill.example", is_staff=True)

    page = sales.post(OPEN, NEW, follow=True)

    told = "ann@hill.example is of our staff, and can't be in a customer's account."
    assert wrong(page) == {"email": [told]}


def test_a_name_that_is_taken_meanwhile_makes_no_second_account(sales):
    page = sales.post(OPEN, NEW, follow=True)
    AccountFactory(name="Hill & Dale")

    answer = confirm(sales, page)

    assert told(answer) == ["There is an account called Hill & Dale already."]
    again = sales.get(answer.headers["Location"])
    assert wrong(again) == {"name": ["There is an account called Hill & Dale already."]}
    assert not Invitation.objects.exists()


@pytest.fixture
def account(db):
    """It has a manager, who reads its keys."""
    return MembershipFactory(account__name="Hill & Dale", role=Role.MANAGER).account


LICENCE = {
    "product": "asta-powerproject",
    "name": "Planners",
    "usage_model": "concurrent",
    "seats": "10",
    "features": "BIM, 4d:3",
    "starts_on": "2026-01-01",
    "ends_on": "2099-12-31",
    "policy": "Strict",
    "keys": "London office\nLeeds office\n",
}


def test_sales_sell_a_licence_with_all_that_belongs_to_it(sales, account):
    page = check(sales, "account", "sell", account, **LICENCE)
    answer = confirm(sales, page)

    licence = Licence.objects.get()
    first, second = licence.keys.order_by("pk")
    assert foretold(page)[0] == (
        "Planners becomes a concurrent user licence of Hill & Dale: 10 seats of "
        "Asta Powerproject, BIM, 4D for 3 people at once."
    )
    assert foretold(page)[1] == (
        "People can start the program from 1 Jan 2026 to 31 Dec 2099, that day included."
    )
    assert foretold(page)[3] == (f"It has 2 keys, for London office and Leeds office. {HAND_OVER}")
    assert told(answer) == [
        f"Planners is a licence of Hill & Dale, serial number {first}, {second}. {HAND_OVER}"
    ]
    assert [first.label, second.label] == ["London office", "Leeds office"]
    assert licence.seat_rows.count() == 10
    included = licence.licence_features.order_by("feature__code")
    assert [one.as_ordered() for one in included] == ["4d:3", "bim"]
    assert licence.reclaim_after == dt.timedelta(minutes=15)
    assert AuditEntry.objects.get(action="licence_issued").reason == READ


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"usage_model": "single-user", "policy": "Hold"}, "it is no pool"),
        ({"features": "bmi"}, "has no feature bmi"),
        ({"features": "4d:3, 4d:2"}, "Name each feature once: 4d."),
        ({"ends_on": "2025-01-01"}, "The term would end on 2025-01-01"),
        ({"starts_on": "", "ends_on": "2025-01-01"}, "2025-01-01 has passed"),
        ({"features": "4d:11"}, "be for 11 people at once: the licence has 10 seats."),
        ({"keys": "Leeds\nleeds "}, "Two keys would be for Leeds"),
        ({"starts_on": "0001-01-01"}, "be meant: a term lies between 2000-01-01"),
        ({"seats": "ten"}, "“ten” is no whole number. Write digits, such as 12."),
        ({"seats": "-1"}, "has to be 1 at least"),
        ({"seats": "1000000000"}, "100000 at most"),
        ({"usage_model": "lease"}, "chosen here"),
    ],
)
def test_what_nobody_can_have_meant_is_refused(sales, account, asked, words):
    page = check(sales, "account", "sell", account, **LICENCE | asked)

    assert page.status_code == 422
    assert words in str(wrong(page))
    assert not Licence.objects.exists()


def test_a_second_press_sells_no_second_licence(sales, account):
    page = check(sales, "account", "sell", account, **LICENCE)
    confirm(sales, page)

    assert told(confirm(sales, page))[-1].startswith("Hill & Dale was changed by somebody else")
    assert Licence.objects.count() == 1


def test_support_takes_portal_access_away(support, account):
    MembershipFactory(account=account)
    gone = MembershipFactory(account=account, role=Role.MANAGER, user__name="Tom Reed")

    page = check(support, "membership", "remove", gone)
    answer = confirm(support, page)

    assert foretold(page)[0] == (
        "Tom Reed, Manager, sees nothing of this account from their next click."
    )
    assert told(answer) == ["Tom Reed sees nothing of Hill & Dale any more."]
    assert answer.headers["Location"] == f"/support/accounts/{account.pk}/people/"
    assert not Membership.objects.filter(pk=gone.pk).exists()
    assert AuditEntry.objects.get(action="person_removed").reason == READ
    assert confirm(support, page).status_code == 404


def test_the_last_owner_stays_until_there_is_another(support, account):
    owner = MembershipFactory(account=account)

    page = check(support, "membership", "remove", owner)

    assert told(page) == ["Hill & Dale has no other owner. Invite one first."]
    assert Membership.objects.filter(pk=owner.pk).exists()


def test_a_feature_is_sold_for_a_licence_that_exists(sales, planners):
    page = check(sales, "licence", "feature", planners.licence, feature="4d", seats="3")
    answer = confirm(sales, page)

    assert foretold(page) == [
        "London planners includes 4D from now on, for 3 people at once.",
        "Who needs it opens the program anew, or asks for it there.",
    ]
    assert told(answer) == ["London planners includes 4D, for 3 people at once."]
    included = LicenceFeature.objects.get()
    assert (included.as_ordered(), included.seat_rows.count()) == ("4d:3", 3)
    assert AuditEntry.objects.get(action="feature_added").reason == READ


def test_a_lower_limit_of_a_feature_tells_of_those_who_have_it(sales, planners):
    included.put(planners.licence, Feature.objects.get(code="4d"), seats=3, by=TESTER)
    for _ in range(2):
        make_session(planners, make_client(features=("4d",)))

    page = check(sales, "licence", "feature", planners.licence, feature="4d", seats="1")

    assert foretold(page) == [
        "London planners, 4D: for 3 people at once until now, for 1 person at once from now on.",
        "In use now 2. Nobody loses it; nobody new gets it until use falls below 1.",
    ]


def test_a_feature_for_everybody_tells_of_nobody_at_work(sales):
    pool = make_pool(5)

    page = check(sales, "licence", "feature", pool.licence, feature="4d")

    assert foretold(page)[1] == "No program is open now: whoever starts it has the feature."


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (0, "Then 1 person can have it besides."),
        (1, "Nobody loses it; nobody new gets it until one of them gives it back."),
    ],
)
def test_a_lower_limit_of_a_feature_tells_how_many_more_may(held, words):
    assert features.over(held, 1) == words


def test_a_feature_is_taken_away(sales, planners):
    included.put(planners.licence, Feature.objects.get(code="4d"), seats=None, by=TESTER)
    make_session(planners, make_client(features=("4d",)))

    page = check(sales, "licence", "remove-feature", planners.licence, feature="4d")
    confirm(sales, page)

    assert foretold(page)[1] == (
        "In use now 1: they lose it at their next refresh. The programs stay open."
    )
    assert not LicenceFeature.objects.exists()
