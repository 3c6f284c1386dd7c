"""What a short offline policy means, said to whoever chooses it or has it."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import licences, policies
from licensing.licences import OfflinePolicy

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
OFTEN = "Programs refresh every 40 s instead of every 5 min."
LOST = "A PC that sleeps or loses its network for 2 min loses its seat."
OVER = "A program without a connection for 2 min stays open, but needs one to open again."


@pytest.mark.parametrize(
    ("policy", "is_concurrent", "sentences"),
    [
        (OfflinePolicy(2 * MINUTE, 2 * MINUTE), True, [OFTEN, LOST, OVER]),
        (OfflinePolicy(2 * DAY, 2 * MINUTE), True, [OFTEN, LOST]),
        (OfflinePolicy(2 * MINUTE, None), True, [OFTEN, OVER]),
        (OfflinePolicy(2 * MINUTE, 2 * DAY), True, [OFTEN, OVER]),
        (OfflinePolicy(2 * MINUTE, 2 * MINUTE), False, [OFTEN, OVER]),
        (licences.STRICT, True, []),
        (licences.FRIENDLY, True, []),
        (licences.FRIENDLY_SINGLE_USER, False, []),
        (OfflinePolicy(15 * MINUTE, None), False, []),
    ],
)
def test_says_what_it_asks_of_programs_and_pcs(policy, is_concurrent, sentences):
    assert policies.meaning_of_short(policy, is_concurrent=is_concurrent) == " ".join(sentences)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 s"), (40, "40 s"), (90, "90 s"), (120, "2 min"), (7200, "2 h"), (7260, "121 min"),
     (172_800, "48 h"), (259_200, "3 days")],
)  # fmt: skip
def test_says_a_length_of_time_exactly(seconds, words):
    assert policies.span(dt.timedelta(seconds=seconds)) == words
