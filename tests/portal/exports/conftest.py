"""Somebody's session, whose name begins a formula."""

from __future__ import annotations

import pytest

from tests.factories import make_client, make_session


@pytest.fixture
def session(pool):
    client = make_client(username="=cmd|'/c calc'!A1", machine_name="CAD-017", os_session="3")
    return make_session(pool, client)
