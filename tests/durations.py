"""How long tests take: the slowest 150 and the seconds of each kind, in an ignored file.

The sums are of all workers, so of processors rather than of the clock on the wall.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

RECORD = Path(__file__).parents[1] / "test-results" / "durations.txt"
SLOWEST, FEW = 150, 100
KINDS = {
    "tests/browser": "browser",
    "tests/devstack": "devstack",
    "tests/prove": "prove",
    "tests/licensing/races": "races",
    "tests/licensing/engine": "engine",
    "tests/client": "client",
    "tests/support/demo": "fleet and demo",
    "tests/api": "api",
    "tests/portal": "portal",
    "tests": "unit",
}
"""Folders, the first that fits, and what their tests are called together."""

spent: Counter[str] = Counter()
"""Seconds by test, its set-up and tear-down included."""


def kind_of(test: str) -> str:
    """What kind of test this is."""
    if "windows" in test:
        return "windows"
    return next(kind for folder, kind in KINDS.items() if test.startswith(f"{folder}/"))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up what each part of a test took."""
    spent[report.nodeid] += report.duration


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the sums and keep the slowest, once all is done, unless only a few were run."""
    if hasattr(config, "workerinput") or len(spent) < FEW:
        return
    kinds: Counter[str] = Counter()
    for test, seconds in spent.items():
        kinds[kind_of(test)] += seconds
    sums = [f"{seconds:8.1f} s  {kind}" for kind, seconds in kinds.most_common()]
    terminalreporter.section("seconds by kind")
    terminalreporter.write_line("\n".join(sums))

    slowest = [f"{seconds:8.2f} s  {test}" for test, seconds in spent.most_common(SLOWEST)]
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text("\n".join([*sums, "", *slowest, ""]), encoding="utf-8")
