"""Fixtures for the tests of the client API."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_failures_counted():
    """Every test starts with the brake off: all come from one address."""
    cache.clear()
