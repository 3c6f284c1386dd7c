"""Marks what needs a browser or Wine or is about the whole product, and lets long tests go first.

A worker that has done its own finds nothing to take of a long test that another began last. Those
that wait go before the others, while checks and builds go on beside them. Three workers on two
processors take as long as two: no processor is idle then, and each test takes more of it.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

IN_BROWSER = "tests/browser/"
RACES = "tests/licensing/races/"
OF_ALL = ("tests/product/", "tests/walks/", "tests/words/")
"""Folders whose tests go through every page, address, list, mail or word."""
UNDER_WINE = {"windows", "windows_python"}
"""The fixtures of tests that need Wine."""
WAIT = (
    RACES,
    "tests/devstack/",
    "tests/product/test_silent_servers.py",
    "tests/support/demo/",
)
"""Where tests wait more than they compute: what is done beside the tests takes that time."""
FIRST = ("slow", "browser", "windows")
"""The marks of other long tests. Chromium stays once it is there; those under Wine take turns,
however many workers there are."""
BUILT = "test_cpp"
"""In the names of tests whose programs ``make test`` builds beside the first of them."""

OF_DATABASES = {"db", "transactional_db", "django_db_setup", "live_server"}
"""The fixtures of tests that need a database, if no mark says so."""

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
TESTS = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Have every other worker read the folders from the last on: each compiles half of them."""
    if session.config.args == [TESTS.name] and is_odd(WORKER):
        folders = {package.parent for package in TESTS.glob("*/__init__.py")}
        ignored = {Path(path).resolve() for path in session.config.option.ignore or ()}
        parts = {*folders, *TESTS.glob("test_*.py")} - ignored  # what is named is read all the same
        session.config.args = sorted(map(str, parts), reverse=True)


def is_odd(worker: str) -> bool:
    """Whether it is the second, the fourth and so on."""
    return int(worker.removeprefix("gw")) % 2 == 1


def pytest_itemcollected(item: pytest.Item) -> None:
    """Say of a test what is seen from its place and its fixtures, before any are left out by it."""
    if item.nodeid.startswith(IN_BROWSER):
        item.add_marker("browser")
    if item.nodeid.startswith(RACES):
        item.add_marker("slow")
    if item.nodeid.startswith(OF_ALL):
        item.add_marker("census")
    if UNDER_WINE & set(getattr(item, "fixturenames", ())):
        item.add_marker("windows")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Have them in one order, in whichever they were read, before others change it and after."""
    items.sort(key=lambda item: item.path)
    yield
    share(items)


def share(items: list[pytest.Item]) -> None:
    """Give each worker its share of the long ones, file by file, and then of the others.

    A file's tests stay together, whatever others would sort them by, so that one worker makes
    what the file's tests share. While the first worker makes the database, the others do
    something else.
    """
    files: dict[tuple[int, Path], list[pytest.Item]] = defaultdict(list)
    for item in items:
        files[rank(item), item.path].append(item)
    in_order = sorted(files)
    long = [files[file] for file in in_order if file[0] < len(FIRST)]
    short = [files[file] for file in in_order[len(long) :]]
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    longs = [long[worker::workers] for worker in range(workers)]
    for others in longs[1:]:
        others.sort(key=use_database)
    shares = [[*longs[worker], *short[worker::workers]] for worker in range(workers)]
    items[:] = [item for share in shares for tests in share for item in tests]


def rank(item: pytest.Item) -> int:
    """Which of the marks of long tests it has; the highest number for none, -1 if it waits."""
    if BUILT in item.nodeid:
        return len(FIRST) - 1
    if item.nodeid.startswith(WAIT):
        return -1
    return next((n for n, name in enumerate(FIRST) if item.get_closest_marker(name)), len(FIRST))


def use_database(tests: list[pytest.Item]) -> bool:
    """Whether a worker that begins with these tests waits for the database."""
    return any(
        item.get_closest_marker("django_db")
        or OF_DATABASES & set(getattr(item, "fixturenames", ()))
        for item in tests
    )
