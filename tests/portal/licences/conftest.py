"""Somebody's session."""

from __future__ import annotations

import pytest

from tests.factories import make_client, make_session
from tests.portal.licences.somebody import JSMITH


@pytest.fixture
def session(pool):
    """Somebody's session on a seat of the pool."""
    return make_session(pool, make_client(**JSMITH))
