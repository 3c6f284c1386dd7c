"""Desktop software as the tests drive it: what it sends, over whichever HTTP client."""

from __future__ import annotations

import base64

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


def close_with_key(client, key, session_id, **query):
    """The answer to a close by a program that never heard its token."""
    headers = basic(key.serial_number, key.plain)
    return client.delete(f"{SESSIONS}/{session_id}", query_params=query, headers=headers)


def basic(serial_number, product_key):
    """The header that proves the key."""
    pair = base64.b64encode(f"{serial_number}:{product_key}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}
