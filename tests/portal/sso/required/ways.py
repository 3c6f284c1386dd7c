"""Ways of signing in where single sign-on may be required."""

from __future__ import annotations

from tests.factories import PASSWORD
from tests.portal.sso.provider import is_signed_in

SETTINGS = "/security/single-sign-on/"
REQUIRE = f"{SETTINGS}require/"
CLOSED = "/single-sign-on/closed/"


def by_password(client, email, **form):
    return client.post("/accounts/login/", {"login": email, "password": PASSWORD, **form})


def in_own_way(client, email="priya@brook.example", code=None):
    """Sign in with the password and, if there is one, the second step."""
    client.post("/single-sign-on/own-way/")
    by_password(client, email)
    if code:
        client.post("/accounts/two-step/authenticate/", {"code": code})
    assert is_signed_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client
