"""What else staff do to licences and keys in the admin: by the domain, with a reason."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages

from licensing import keys
from licensing.models import AuditEntry, Licence, ProductKey
from tests.factories import TESTER, make_session

REASON = "Order 4711 of this morning"


def do(client, table, act, row, **asked):
    """Do an act to a row; return the status and what was told."""
    address = f"/admin/licensing/{table}/{act}/?id={row.pk}"
    answer = client.post(address, {"reason": REASON} | asked)
    return answer.status_code, [str(message) for message in get_messages(answer.wsgi_request)]


def test_sales_change_the_user_limit(sales, pool):
    make_session(pool)
    make_session(pool)

    assert do(sales, "licence", "seats", pool.licence, seats=1) == (
        302,
        [f"{pool.licence}: user limit 1, 2 in use."],
    )
    assert Licence.objects.get().seats == 1
    assert AuditEntry.objects.get(action="seats_changed").reason == REASON


@pytest.mark.parametrize("seats", ["0", "", "many", "100001"])
def test_an_impossible_limit_is_refused(sales, pool, seats):
    assert do(sales, "licence", "seats", pool.licence, seats=seats) == (422, [])
    assert Licence.objects.get().seats == 2


@pytest.mark.parametrize(
    ("act", "state"), [("suspend", "suspended"), ("close", "closed"), ("reinstate", "active")]
)
def test_sales_change_the_state(sales, pool, act, state):
    status, told = do(sales, "licence", act, pool.licence)

    assert (status, told) == (302, [f"{pool.licence} of {pool.account} is {state}."])
    assert Licence.objects.get().state == state


def test_support_revokes_a_key(support, pool):
    assert do(support, "productkey", "revoke", pool) == (302, [f"Revoked {pool}."])
    assert ProductKey.objects.get().state == "revoked"


def test_a_revoked_key_is_told_apart(support, pool):
    keys.revoke(pool, by=TESTER)

    assert do(support, "productkey", "revoke", pool) == (
        302,
        [f"{pool}: This key has been revoked already."],
    )


def test_support_ends_the_sessions_of_a_key(support, pool):
    make_session(pool)

    assert do(support, "productkey", "end-sessions", pool) == (
        302,
        [f"{pool}: sessions ended: 1."],
    )


@pytest.mark.parametrize("act", ["seats", "suspend", "reinstate", "close"])
def test_support_leaves_licences_alone(support, pool, act):
    page = support.get(f"/admin/licensing/licence/{pool.licence.pk}/change/").content.decode()

    assert f"/{act}/?" not in page
    assert do(support, "licence", act, pool.licence, seats=5) == (403, [])


@pytest.mark.parametrize("act", ["revoke", "end-sessions"])
def test_sales_leave_keys_alone(sales, pool, act):
    assert do(sales, "productkey", act, pool) == (403, [])
