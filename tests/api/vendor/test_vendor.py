"""The vendor's API: from a shop's order to a customer who has the key."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing.limits import MOST_SEATS
from licensing.models import Account, AuditEntry, Licence, ProductKey
from portal.models import Invitation, Role
from portal.telling import fan_out
from tests.api.vendor.shop import CUSTOMER, ORDER, read, send
from tests.factories import AccountFactory, MembershipFactory, make_pool

BY = "API token “Shop” of Ben Carter <ben@vendor.example>"
WHY = {"why": "Routine", "note": "As agreed.", "reason": "The first order."}
WHOLE = "Expected a whole number"
TERM = {"starts_on": dt.date(2020, 1, 1), "ends_on": dt.date(2090, 1, 31)}


def entries(action):
    """By whom something was done and why, as the audit record tells it."""
    found = AuditEntry.objects.filter(action=action).order_by("pk")
    return list(found.values_list("actor_kind", "actor_name", "reason"))


def test_a_shop_sells_to_somebody_new_who_then_has_the_key(client, token):
    opened = send(client, token, "accounts", CUSTOMER)
    sold = send(
        client,
        token,
        f"accounts/{opened.json()['id']}/licences",
        ORDER | {"name": "London planners", "features": [], "ends_on": "2090-11-29"},
    )
    key = ProductKey.objects.get()
    handed = send(client, token, f"keys/{key.pk}/hand-over", WHY)

    account = Account.objects.get()
    assert (opened.status_code, opened["Location"]) == (
        201,
        f"/api/v1/vendor/accounts/{account.pk}",
    )
    assert opened.json()["invited_owners"] == ["priya@example.com"]
    assert opened.json()["external_reference"] == "CRM-20418"
    told = sold.json()
    assert (told["seats"], told["ends_on"], told["renew_by"]) == (10, "2090-11-29", "2090-11-29")
    assert [(one["reference"], one["act"]) for one in told["orders"]] == [("SO-10432", "sell")]
    assert [one["product_key"] for one in told["keys"]] == [f"••••{key.last_four}"]
    assert (handed.json()["readers"], handed.json()["invited"]) == ([], ["priya@example.com"])
    assert entries("account_created") == [
        ("support", BY, "Order or renewal. The first order of a new customer.")
    ]
    assert entries("licence_issued") == [("support", BY, "Order or renewal. Order SO-10432.")]
    assert entries("key_handed_over") == [("support", BY, "Routine. As agreed.")]
    assert Invitation.objects.get().role == Role.OWNER


def test_owners_who_are_there_get_a_mail_with_the_way_to_the_key(
    client, token, licence, mailoutbox
):
    owner = MembershipFactory(account=licence.account, role=Role.OWNER).user
    key = licence.keys.get()

    answer = send(client, token, f"keys/{key.pk}/hand-over", WHY)
    fan_out.tell()

    assert answer.json()["readers"] == [owner.name]
    [mail] = [one for one in mailoutbox if "/keys/" in one.body]
    assert mail.to == [owner.email]


def test_a_key_is_handed_to_nobody_where_nobody_could_read_it(client, token, licence):
    answer = send(
        client,
        token,
        f"keys/{licence.keys.get().pk}/hand-over",
        WHY,
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_operation")


def test_seats_and_the_last_day_change_by_an_order_that_is_kept(client, token, licence):
    path = f"licences/{licence.pk}/"

    send(client, token, path + "seats", {"seats": 12, "order_reference": "SO-1"})
    answer = send(
        client, token, path + "term", {"ends_on": "2090-01-31", "order_reference": "SO-2"}
    )

    told = answer.json()
    assert (told["seats"], told["ends_on"]) == (12, "2090-01-31")
    assert [(one["reference"], one["act"]) for one in told["orders"]] == [
        ("SO-1", "seats"), ("SO-2", "term"),
    ]  # fmt: skip
    assert read(client, token, path.rstrip("/")).json() == told
    assert entries("seats_changed") == [("support", BY, "Order or renewal. Order SO-1.")]
    assert entries("term_changed") == [("support", BY, "Order or renewal. Order SO-2.")]


def test_an_end_that_is_null_leaves_the_first_day_and_takes_the_last(client, token, account):
    licence = make_pool(3, account=account, **TERM).licence

    told = send(
        client, token, f"licences/{licence.pk}/term", {"ends_on": None, "order_reference": "SO-2"}
    ).json()

    assert (told["starts_on"], told["ends_on"], told["renew_by"]) == ("2020-01-01", None, None)


def test_a_licence_is_suspended_and_reinstated_for_a_reason(client, token, licence):
    path = f"licences/{licence.pk}/"

    suspended = send(
        client, token, path + "suspend", WHY | {"reason": "Payment is overdue."}
    ).json()
    reinstated = send(client, token, path + "reinstate", WHY | {"reason": "They have paid."}).json()
    short = send(client, token, path + "suspend", WHY | {"reason": "Overdue"})

    assert (suspended["state"], reinstated["state"]) == ("suspended", "active")
    assert [problem["pointer"] for problem in short.json()["errors"]] == ["/reason"]
    assert entries("state_changed") == [
        ("support", BY, "Routine. As agreed."),
        ("support", BY, "Routine. As agreed."),
    ]
    kept = AuditEntry.objects.filter(action="state_changed").order_by("pk")
    assert [entry.staff_words for entry in kept] == ["Payment is overdue.", "They have paid."]


@pytest.mark.parametrize(
    ("path", "body", "status", "pointers"),
    [
        ("licences/{}/seats", {"seats": -1}, 400, ["/seats"]),
        ("licences/{}/seats", {"seats": 10**9}, 400, ["/seats"]),
        ("licences/{}/seats", {"seats": "ten"}, 400, ["/seats"]),
        ("licences/{}/seats", {"seats": 10}, 409, None),
        (
            "accounts/{1}/licences",
            {"product": 7, "seats": "ten", "features": 1},
            400,
            ["/product", "/seats", "/features"],
        ),
        ("accounts/{1}/licences", ORDER | {"product": "none"}, 409, ["/product"]),
        ("accounts/{1}/licences", ORDER | {"ends_on": "2020-01-01"}, 409, ["/ends_on"]),
        ("accounts/{1}/licences", ORDER | {"name": "london  PLANNERS"}, 409, ["/name"]),
        ("accounts/{1}/licences", ORDER | {"key_labels": ["A", "a"]}, 409, ["/key_labels"]),
        ("accounts", CUSTOMER, 409, ["/name"]),
        ("accounts", CUSTOMER | {"name": "New", "owner_email": "nobody"}, 409, ["/owner_email"]),
        ("accounts", CUSTOMER | {"name": "New", "time_zone": "Mars"}, 409, ["/time_zone"]),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_done(
    client, token, licence, path, body, status, pointers
):
    before = AuditEntry.objects.count()

    answer = send(
        client,
        token,
        path.format(licence.pk, licence.account_id),
        ({} if path == "accounts" else {"order_reference": "SO-1"}) | body,
    )

    assert answer.status_code == status, answer.text
    assert pointers is None or [one["pointer"] for one in answer.json()["errors"]] == pointers
    assert (AuditEntry.objects.count(), Account.objects.count()) == (before, 1)


@pytest.mark.parametrize(
    ("seats", "found"), [("ten", f"{WHOLE}, got `str`"), (0, WHOLE), (1.5, WHOLE)]
)
def test_what_is_not_understood_is_told_in_words_for_who_writes_to_it(
    client, token, licence, seats, found
):
    asked = {"order_reference": "SO-1", "seats": seats}

    problem = send(client, token, f"licences/{licence.pk}/seats", asked).json()

    told = "The request asks for something that is not understood. See errors."
    assert problem["detail"] == told
    assert [one["detail"] for one in problem["errors"]] == [
        f"{found}. The user limit, 1 to {MOST_SEATS:,}."
    ]


def test_one_external_reference_is_of_one_account(client, token):
    send(client, token, "accounts", CUSTOMER)

    answer = send(client, token, "accounts", CUSTOMER | {"name": "Brook Two"})

    assert [problem["pointer"] for problem in answer.json()["errors"]] == ["/external_reference"]
    assert not Account.objects.filter(name="Brook Two").exists()


def test_accounts_are_found_by_name_and_by_what_the_shop_calls_them(client, token):
    send(client, token, "accounts", CUSTOMER)
    AccountFactory(name="Hill & Dale")

    def names(**query):
        return [one["name"] for one in read(client, token, "accounts", **query).json()["data"]]

    assert names(q="hill") == ["Hill & Dale"]
    assert names(external_reference="CRM-20418") == ["Brook & Co"]
    assert names(external_reference="CRM-2") == []


def test_a_list_goes_on_where_its_page_before_ended(client, token, account):
    for number in range(3):
        make_pool(1, account=account, name=f"Pool {number}")
    path = f"accounts/{account.pk}/licences"

    first = read(client, token, path, limit=2)
    second = client.get(first.json()["next"], headers={"Authorization": f"Bearer {token.plain}"})

    names = [one["name"] for answer in (first, second) for one in answer.json()["data"]]
    assert (names, second.json()["next"]) == (["Pool 0", "Pool 1", "Pool 2"], None)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_takes_as_many_queries_however_long_it_is(
    client, token, account, rows, django_assert_num_queries
):
    for number in range(rows):
        make_pool(1, account=account, name=f"Pool {number}", features=["bim"])
    read(client, token, "accounts")

    with django_assert_num_queries(10):
        read(client, token, f"accounts/{account.pk}/licences")


def test_licences_are_found_by_the_order(client, token, account):
    path = f"accounts/{account.pk}/licences"
    send(client, token, path, ORDER | {"name": "One"})
    send(client, token, path, ORDER | {"name": "Two", "order_reference": "SO-2"})

    found = read(client, token, path, order_reference="SO-2").json()["data"]

    assert [one["name"] for one in found] == ["Two"]


def test_an_unchanged_licence_is_not_sent_twice_and_a_changed_one_not_overwritten(
    client, token, licence
):
    path = f"licences/{licence.pk}"
    etag = read(client, token, path)["ETag"]

    same = read(client, token, path, headers={"If-None-Match": etag})
    more = {"seats": 12, "order_reference": "SO-1"}
    changed = send(client, token, f"{path}/seats", more, **{"If-Match": etag})
    other = {"seats": 14, "order_reference": "SO-2"}
    stale = send(client, token, f"{path}/seats", other, **{"If-Match": etag})
    next_etag = send(client, token, f"{path}/seats", other, **{"If-Match": changed["ETag"]})

    assert (same.status_code, changed.status_code, next_etag.status_code) == (304, 200, 200)
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    assert Licence.objects.get(pk=licence.pk).seats == 14
    assert len(entries("seats_changed")) == 2


@pytest.mark.parametrize("named", ["nonsense", '"nonsense"', "", 'W/"nonsense"'])
def test_a_version_that_is_none_guards_all_the_same(client, token, licence, named):
    more = {"seats": 12, "order_reference": "SO-1"}
    path = f"licences/{licence.pk}"
    etag = read(client, token, path)["ETag"]

    refused = send(client, token, f"{path}/seats", more, **{"If-Match": named})
    bare = send(client, token, f"{path}/seats", more, **{"If-Match": etag.strip('"')})

    assert (refused.status_code, bare.status_code) == (412, 200)


def test_an_order_does_the_same_to_a_licence_once(client, token, licence):
    path, order = f"licences/{licence.pk}/", {"order_reference": "SO-1"}
    send(client, token, path + "seats", order | {"seats": 12})

    again = send(client, token, path + "seats", order | {"seats": 14})
    term = send(client, token, path + "term", order | {"ends_on": "2090-01-31"})

    assert (again.status_code, again.json()["code"]) == (409, "invalid_operation")
    assert [problem["pointer"] for problem in again.json()["errors"]] == ["/order_reference"]
    assert (term.status_code, Licence.objects.get(pk=licence.pk).seats) == (200, 12)


def test_no_key_is_in_any_answer(client, token, account):
    key = make_pool(1, account=account)

    answers = [
        read(client, token, f"licences/{key.licence_id}"),
        read(client, token, f"accounts/{account.pk}/licences"),
        send(client, token, f"licences/{key.licence_id}/suspend", WHY | {"reason": "x" * 10}),
    ]

    assert [key.plain in answer.text for answer in answers] == [False] * 3
