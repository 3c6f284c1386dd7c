"""Tests are quick, or say that they are not: one without a mark that takes above 3 s fails.

What counts are a processor's seconds in the test's own call: of its process and of what it
started and saw end. Seconds on the wall grow on a busy machine, a processor's hardly do. What
fixtures do is not in it, for the first to use one pays for all. Nearly all take a tenth of that:
the first to open a page pays some 0.6 s for addresses and templates too, one busy minute doubles
what any test takes, and a test that is right must never fail for either. On a slow machine there
are as many more as a piece of work takes longer there, measured when a test seems to be too slow.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.durations import processor_seconds

LIMIT = 3.0
MAY_BE_SLOW = ("browser", "census", "slow", "windows")
"""The marks of pyproject.toml that say so."""
QUIET = 0.055
"""A processor's seconds for the piece of work, where the limit was set."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail a test that passed and was too slow."""
    began = processor_seconds()
    outcome = yield
    used = processor_seconds() - began
    if used > LIMIT and not may_be_slow(item) and used > (allowed := LIMIT * max(1, pace())):
        pytest.fail(
            f"{used:.1f} s of a processor, of {allowed:.1f} s that a test may take here: "
            "make it quicker, or mark it slow (CONTRIBUTING.md)",
            pytrace=False,
        )
    return outcome


def may_be_slow(item: pytest.Item) -> bool:
    """Whether the test has one of the marks."""
    return any(item.get_closest_marker(mark) for mark in MAY_BE_SLOW)


def pace() -> float:
    """How many times longer this machine works on something, now, than the one of the limit."""
    return min(seconds_for_a_piece_of_work() for _ in range(3)) / QUIET


def seconds_for_a_piece_of_work() -> float:
    """What some plain Python takes of a processor."""
    began = time.process_time()
    sorted(str(number * number % 1009) for number in range(150_000))
    return time.process_time() - began
