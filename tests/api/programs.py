"""An account's own programs as the tests drive them, by an API token."""

from __future__ import annotations

from portal.models import Scope

ACCOUNT = "/api/v1/account/"
LISTS = {
    "licences": Scope.LICENCES,
    "keys": Scope.LICENCES,
    "sessions": Scope.SESSIONS,
    "denials": Scope.USAGE,
    "usage": Scope.USAGE,
    "audit": Scope.AUDIT,
    "people": Scope.PEOPLE,
}


def bearer_of(token):
    """The header that proves a program by its API token."""
    return {"Authorization": f"Bearer {token.plain}"}


def ask(client, token, path="", headers=None, **query):
    """The answer to a program that reads."""
    return client.get(
        ACCOUNT + path, query_params=query, headers=bearer_of(token) | (headers or {})
    )


def release(client, token, session, **body):
    """The answer to a program that releases a session."""
    return client.post(
        f"{ACCOUNT}sessions/{session.pk}/release",
        body,
        content_type="application/json",
        headers=bearer_of(token),
    )


def data(response):
    """The rows of a list's answer."""
    assert response.status_code == 200, response.text
    return response.json()["data"]
