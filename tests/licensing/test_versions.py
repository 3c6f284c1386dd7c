from __future__ import annotations

import pytest

from licensing import versions


@pytest.mark.parametrize(
    ("version", "minimum", "expected"),
    [
        ("16", "16", True),
        ("16.0.02", "16", True),
        ("16.0", "16.0.0", True),
        ("15.9.9", "16", False),
        ("9", "16", False),
        ("16.1-beta 2", "16.1", True),
        ("100.1", "16", True),
    ],
)
def test_versions_compare_number_by_number(version, minimum, expected):
    assert versions.is_at_least(version, minimum) is expected


def test_a_text_without_a_number_is_no_version():
    with pytest.raises(ValueError, match="'beta' is not a version"):
        versions.numbers("beta")
