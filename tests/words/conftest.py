"""Fixtures that the tests of words use."""

from __future__ import annotations

from tests.pages import values  # noqa: F401, fixtures
from tests.people import account, client, manager, owner, pool, staff, stranger, viewer  # noqa: F401, fixtures
from tests.providers import dns, issuer, liar, lies, required, single  # noqa: F401, fixtures
