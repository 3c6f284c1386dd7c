"""The vendor's shop as the tests drive it, by a staff token."""

from __future__ import annotations

import datetime as dt
import uuid

from licensing import clock
from support import tokens
from support.models import VendorScope
from tests.support.vendor import staff

VENDOR = "/api/v1/vendor/"
ORDER = {"product": "asta-powerproject", "seats": 10, "order_reference": "SO-10432"}
CUSTOMER = {
    "name": "Brook & Co",
    "owner_email": "priya@example.com",
    "external_reference": "CRM-20418",
}


def make_staff_token(*scopes, by=None, days=90):
    """A token with these scopes, else with all that somebody of sales hands on."""
    maker = by or staff("Sales", name="Ben Carter", email="ben@vendor.example")
    ends_at = clock.database_time() + dt.timedelta(days=days)
    wanted = scopes or list(VendorScope)
    token, plain = tokens.create("Shop", wanted, ends_at=ends_at, by=maker)
    token.plain = plain
    return token


def bearer_of(token):
    """The header that proves a program by its staff token."""
    return {"Authorization": f"Bearer {token.plain}"}


def read(client, token, path, headers=None, **query):
    """The answer to a shop that reads."""
    return client.get(VENDOR + path, query_params=query, headers=bearer_of(token) | (headers or {}))


A_NEW_ONE = "a new one"


def send(client, token, path, body, *, key=A_NEW_ONE, **headers):
    """The answer to a shop that does something, by a key of its own, or this one, or none."""
    made = f'"{uuid.uuid4()}"' if key is A_NEW_ONE else key
    own = {} if made is None else {"Idempotency-Key": made}
    return client.post(
        VENDOR + path,
        body,
        content_type="application/json",
        headers=bearer_of(token) | own | headers,
    )
