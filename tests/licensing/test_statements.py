"""The hot statements as psycopg likes them."""

from __future__ import annotations

import pytest

from licensing import denial_statements, statements

REMEMBERED = 4096
"""psycopg parses a longer statement anew each time, in the middle of a check-out."""


@pytest.mark.parametrize(
    "statement",
    [
        statements.OPEN_SESSION_WITH_KEY,
        statements.OPEN_SESSION,
        statements.REFRESH,
        statements.GIVE_BACK,
        denial_statements.REFUSE,
    ],
    ids=["check-out", "check-out with a known key", "refresh", "close", "refusal"],
)
def test_are_short_enough_to_be_remembered(statement):
    assert len(statement.encode()) <= REMEMBERED
