"""Fixtures that every test may use."""

from __future__ import annotations

import pytest

from tests import factories


@pytest.fixture
def pool(db):
    """The key of a pool of two seats."""
    return factories.make_pool(2)


@pytest.fixture
def single_user(db):
    """The key of a single-user licence with one seat."""
    return factories.make_single_user()
