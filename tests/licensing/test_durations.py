from __future__ import annotations

import datetime as dt

import pytest

from licensing import durations


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("90s", dt.timedelta(seconds=90)),
        ("15m", dt.timedelta(minutes=15)),
        ("48h", dt.timedelta(hours=48)),
        ("30d", dt.timedelta(days=30)),
    ],
)
def test_is_read_and_written_the_same(text, duration):
    assert durations.parse(text) == duration
    assert durations.in_words(duration) == text


@pytest.mark.parametrize("text", ["", "0s", "15", "-3h", "1.5h", "3w", "9999d", "five minutes"])
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match="is not a duration"):
        durations.parse(text)
