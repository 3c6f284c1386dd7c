"""How long tests take: the slowest 150 and the seconds of each kind, in an ignored file.

Each by the clock on the wall, of all workers together, and by processor: what the test's own
process used and those that it started and saw end. Chromium and the servers are not in it.
"""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

RESULTS = Path(__file__).parents[1] / "test-results"
RECORD = RESULTS / "durations.txt"
BESIDE = RESULTS / "beside.txt"
"""The seconds of what ``make test`` has done beside the tests, as it leaves them."""
SLOWEST, GREW, FEW = 150, 10, 100
LINE = re.compile(r"^ *[\d.]+ s +([\d.]+)  (\S+::.+)$", re.MULTILINE)
"""A test in the record."""
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
    "tests/product": "product",
    "tests/walks": "walks",
    "tests": "unit",
}
"""Folders, the first that fits, and what their tests are called together."""

spent: Counter[str] = Counter()
"""Seconds by test, its set-up and tear-down included."""
worked: Counter[str] = Counter()
"""The same, of processors."""


def kind_of(test: str) -> str:
    """What kind of test this is."""
    if "windows" in test:
        return "windows"
    return next(kind for folder, kind in KINDS.items() if test.startswith(f"{folder}/"))


def processor_seconds() -> float:
    """What this process has used so far, and those of its children that have ended."""
    children = os.times()
    return time.process_time() + children.children_user + children.children_system


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Let the report of a test's end carry the processor seconds of all its parts."""
    item.began = processor_seconds()
    return (yield)


@pytest.hookimpl(tryfirst=True, wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Say what the test used, when it is put away.

    With the last one of a process goes what all of them shared: Chromium, which has used a
    minute by then, is none of its doing.
    """
    used = processor_seconds() - item.began
    outcome = yield
    if nextitem is not None:
        used = processor_seconds() - item.began
    item.user_properties.append(("processor", used))
    return outcome


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up what each part of a test took; what a part of its call took is in that already."""
    if isinstance(report, pytest.SubtestReport):
        return
    spent[report.nodeid] += report.duration
    if report.when == "teardown":
        worked[report.nodeid] += dict(report.user_properties).get("processor", 0)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the sums and keep the slowest, once all is done, unless only a few were run."""
    if hasattr(config, "workerinput") or len(spent) < FEW:
        return
    sums = sums_by_kind()
    terminalreporter.section("seconds by kind, and how many of a processor")
    terminalreporter.write_line("\n".join(sums))
    terminalreporter.section("seconds of a processor that tests grew by since the last record")
    terminalreporter.write_line("\n".join(grown(recorded())))
    slowest = [line(seconds, worked[test], test) for test, seconds in spent.most_common(SLOWEST)]
    RESULTS.mkdir(exist_ok=True)
    RECORD.write_text("\n".join([*sums, "", *slowest, ""]), encoding="utf-8")


def sums_by_kind() -> list[str]:
    """A line for each kind of test, and for what is done beside them."""
    kinds, processors = Counter(), Counter()
    for test, seconds in spent.items():
        kinds[kind_of(test)] += seconds
        processors[kind_of(test)] += worked[test]
    lines = [line(seconds, processors[kind], kind) for kind, seconds in kinds.most_common()]
    if BESIDE.exists():
        lines.append(f"{int(BESIDE.read_text()):8.1f} s             types and C++, beside these")
    return lines


def recorded() -> dict[str, float]:
    """What the slowest tests in the last record used of a processor, by name."""
    text = RECORD.read_text(encoding="utf-8") if RECORD.exists() else ""
    return {name_of(test): float(processor) for processor, test in LINE.findall(text)}


def grown(before: dict[str, float]) -> list[str]:
    """The ten tests that grew most, of those that a record knows."""
    by: Counter[str] = Counter()
    for test, processor in worked.items():
        if processor > (was := before.get(name_of(test), processor)):
            by[test] = processor - was
    return [f"{more:+8.2f} s  {test}" for test, more in by.most_common(GREW)]


def name_of(test: str) -> str:
    """What a test is called in its file; its folder may change."""
    return test.partition("::")[0].rpartition("/")[2] + test.partition("::")[2]


def line(seconds: float, processor: float, what: str) -> str:
    """What took so long."""
    return f"{seconds:8.2f} s  {processor:8.2f}  {what}"
