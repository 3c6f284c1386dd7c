"""Fixtures that the tests of every subject use."""

from __future__ import annotations

from tests.pages import values  # noqa: F401, fixtures
from tests.people import account, client, manager, owner, pool, staff, stranger, viewer  # noqa: F401, fixtures
from tests.providers import (  # noqa: F401, fixtures
    dns,
    issuer,
    liar,
    lies,
    own_domain,
    own_domain_shown,
    required,
    single,
)
