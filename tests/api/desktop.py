"""Desktop software as the tests drive it: what it sends, over whichever HTTP client."""

from __future__ import annotations

import msgspec

from tests.factories import make_client

SESSIONS = "/api/v1/sessions"


def order(key, **changes):
    """The body of a check-out by somebody new, unless told otherwise."""
    client = make_client()
    return {
        "serial_number": key.serial_number,
        "product_key": key.plain,
        "machine_name": client.machine_name,
        "username": client.username,
        "version": client.version,
    } | changes


def check_out(client, key, **changes):
    """The answer to a check-out."""
    return client.post(SESSIONS, order(key, **changes), content_type="application/json")


def open_session(client, key, **changes):
    """The document of a session that was just opened."""
    response = check_out(client, key, **changes)
    assert response.status_code == 201, response.content
    return response.json()


def refresh(client, opened, **body):
    """The answer to a refresh, without a body if there is nothing to tell."""
    return client.generic(
        "POST",
        f"{SESSIONS}/{opened['id']}/refresh",
        msgspec.json.encode(body) if body else b"",
        content_type="application/json",
        headers=bearer(opened),
    )


def close(client, opened, **query):
    """The answer to a close."""
    return client.delete(f"{SESSIONS}/{opened['id']}", query_params=query, headers=bearer(opened))


def bearer(opened):
    """The header that proves the session."""
    return {"Authorization": f"Bearer {opened['token']}"}
