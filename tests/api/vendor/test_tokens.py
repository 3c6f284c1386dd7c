"""Who may ask the vendor's API what: by a token's scopes, and its maker's rights of now."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from licensing import emergency_seats, errors, planned_seats
from licensing.models import Licence
from portal.models import Role, User
from support import tokens
from support.acts import staff as acts_of_staff
from support.models import StaffToken, VendorScope
from support.permissions import SALES, SUPERVISOR, SUPPORT
from tests.api.vendor.shop import CUSTOMER, ORDER, VENDOR, make_staff_token, read, send
from tests.factories import (
    TESTER,
    MembershipFactory,
    ago,
    days_from_today,
    make_api_token,
    make_pool,
)
from tests.support import who_may
from tests.support.vendor import staff

WHY = {"why": "Customer asked", "reason": "They asked for it."}
MORE = {"seats": 12, "order_reference": "SO-1"}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer clv_nonsense"}])
def test_nobody_gets_in_without_a_token(client, db, headers):
    answer = client.get(f"{VENDOR}accounts", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_customers_token_opens_nothing_here_and_a_staff_token_nothing_there(
    client, token, account
):
    theirs = make_api_token(account)

    assert read(client, theirs, "accounts").status_code == 401
    ours = {"Authorization": f"Bearer {token.plain}"}
    assert client.get("/api/v1/account/", headers=ours).status_code == 401


def test_each_address_wants_its_scope(client, licence):
    key = licence.keys.get()
    wants = {
        VendorScope.READ: [
            lambda token: read(client, token, "accounts"),
            lambda token: read(client, token, f"accounts/{licence.account_id}"),
            lambda token: read(client, token, f"accounts/{licence.account_id}/licences"),
            lambda token: read(client, token, f"licences/{licence.pk}"),
        ],
        VendorScope.ACCOUNTS: [lambda token: send(client, token, "accounts", CUSTOMER)],
        VendorScope.LICENCES: [
            lambda token: send(client, token, f"accounts/{licence.account_id}/licences", ORDER),
            *(
                lambda token, act=act: send(client, token, f"licences/{licence.pk}/{act}", MORE)
                for act in ("seats", "term", "suspend", "reinstate")
            ),
        ],
        VendorScope.HAND_OVER: [lambda token: send(client, token, f"keys/{key.pk}/hand-over", WHY)],
    }
    maker = staff(SALES)

    for scope, asks in wants.items():
        others = make_staff_token(*(other for other in VendorScope if other != scope), by=maker)
        own = make_staff_token(scope, by=maker)
        for ask in asks:
            assert ask(others).json()["code"] == "scope_missing"
            assert ask(own).status_code not in (401, 403)


@pytest.mark.parametrize(
    ("group", "may"),
    [
        (SUPPORT, {VendorScope.READ, VendorScope.LICENCES, VendorScope.HAND_OVER}),
        (SALES, set(VendorScope)),
        (SUPERVISOR, {VendorScope.READ, VendorScope.LICENCES}),
    ],
)
def test_nobody_hands_on_more_than_they_may(db, group, may):
    maker = staff(group)

    assert set(tokens.may_hand_on(maker)) == may
    for scope in set(VendorScope) - may:
        with pytest.raises(errors.InvalidOperation):
            make_staff_token(scope, by=maker)


ACTS = {
    "accounts": ("account_open", CUSTOMER | {"name": "New"}),
    "accounts/{account}/licences": ("account_sell", ORDER | {"name": "New"}),
    "licences/{licence}/seats": ("licence_seats", MORE),
    "licences/{licence}/emergency-seats": ("licence_emergency", WHY | {"number": 2, "hours": 4}),
    "planned-seats/{planned}/end": ("plannedseats_cancel", WHY),
    "planned-seats/{emergency}/end": ("plannedseats_end", WHY),
    "licences/{licence}/term": (
        "licence_term",
        {"order_reference": "SO-1"} | {"ends_on": "2090-01-31"},
    ),
    "licences/{licence}/suspend": ("licence_suspend", WHY),
    "licences/{licence}/reinstate": ("licence_reinstate", WHY),
    "keys/{key}/hand-over": ("productkey_hand_over", WHY),
}
"""Where each act is done, and what is sent there."""


@pytest.mark.parametrize("group", who_may.GROUPS)
def test_a_token_does_what_its_maker_may_do_in_the_console(client, licence, group):
    MembershipFactory(account=licence.account, role=Role.OWNER)
    maker = staff(group)
    token = make_staff_token(*tokens.may_hand_on(maker), by=maker)
    there = make_pool(5, account=licence.account, name="Leeds").licence
    rows = {
        "account": licence.account_id,
        "licence": licence.pk,
        "key": licence.keys.get().pk,
        "planned": planned_seats.plan(there, 9, on=days_from_today(9), by=TESTER).pk,
        "emergency": emergency_seats.give(there, 2, hours=9, by=TESTER).pk,
    }

    for path, (act, asked) in ACTS.items():
        answer = send(client, token, path.format(**rows), asked)
        is_refused = answer.json().get("code") == "scope_missing"
        assert is_refused is (group not in who_may.ACTS[act]), (act, answer.text)
        assert is_refused or answer.status_code in (200, 201), (act, answer.text)


def test_what_its_maker_may_no_longer_do_a_token_does_not_either(client, token, licence):
    token.made_by.groups.set([Group.objects.get(name=SUPPORT)])

    seats = send(client, token, f"licences/{licence.pk}/seats", MORE)
    suspended = send(client, token, f"licences/{licence.pk}/suspend", WHY)

    assert (seats.status_code, seats.json()["code"]) == (403, "scope_missing")
    assert "Ben Carter" in seats.json()["detail"]
    assert suspended.status_code == 200
    assert Licence.objects.get(pk=licence.pk).seats == 10


@pytest.mark.parametrize("field", ["is_staff", "is_active"])
def test_it_works_no_longer_than_its_maker_is_staff(client, token, field):
    User.objects.filter(pk=token.made_by_id).update(**{field: False})

    assert read(client, token, "accounts").status_code == 401


@pytest.mark.parametrize(
    "leave",
    [
        lambda user: acts_of_staff.set_rights(
            user, by=TESTER, reason="left", is_staff=False, groups=[]
        ),
        lambda user: acts_of_staff.lock_out(user, by=TESTER, reason="left"),
    ],
)
def test_it_does_not_come_back_with_its_maker(client, token, leave):
    leave(token.made_by)
    User.objects.update(is_staff=True, is_active=True)

    assert read(client, token, "accounts").status_code == 401


@pytest.mark.parametrize("over", [{"ends_at": ago(minutes=1)}, {"revoked_at": ago(minutes=1)}])
def test_it_ends(client, token, over):
    StaffToken.objects.update(**over)

    assert read(client, token, "accounts").status_code == 401


def test_it_is_braked_by_itself(client, token, settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    other = make_staff_token(by=token.made_by)

    codes = [read(client, token, "accounts").status_code for _ in range(3)]

    assert codes == [200, 200, 429]
    assert read(client, other, "accounts").status_code == 200


def test_its_last_use_is_noted_and_its_text_kept_nowhere(client, token):
    answer = read(client, token, "accounts", headers={"X-Request-Id": "abcdef0123456789"})

    kept = StaffToken.objects.get()
    assert answer["X-Request-Id"] == "abcdef0123456789"
    assert (kept.last_used_from, kept.last_used_at is not None) == ("127.0.0.1", True)
    assert token.plain.encode() not in bytes(kept.digest)
    assert kept.starts_with == token.plain[:8]
