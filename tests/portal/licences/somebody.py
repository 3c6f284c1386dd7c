"""Somebody who uses a licence, and the page of it."""

from __future__ import annotations

from licensing import errors, sessions
from tests.factories import make_client

JSMITH = {"username": "J. Smith", "machine_name": "CAD-017"}


def licence_page(key):
    return f"/licences/{key.licence_id}/"


def get_in(key, **who):
    """Whether somebody gets a seat."""
    try:
        sessions.check_out(key, make_client(**who))
    except errors.AccessBlocked:
        return False
    return True
