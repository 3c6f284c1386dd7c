"""What a text in an address means as a number."""

from __future__ import annotations

import pytest

from licensing.numbers import number_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("0042", 42),
        (str(2**63 - 1), 2**63 - 1),
        (str(2**63), None),
        ("9" * 5000, None),
        ("", None),
        ("-1", None),
        ("+1", None),
        (" 1", None),
        ("1.0", None),
        ("²", None),
        ("٣", None),
        ("７", None),
    ],
)
def test_only_plain_digits_within_the_database_are_a_number(text, number):
    assert number_in(text) == number
