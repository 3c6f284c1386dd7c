"""What tests begin with is made once for those that follow one another, not for each.

A fixture marked ``@kept`` is made in a savepoint around the transactions of the tests that begin
with it, and each of them gets a copy. A test that begins with others than the one before goes
back to what both have in common. Tests with real transactions make their own, and so does
whoever asks for such a fixture in the midst of a test, or puts another in the place of one it
begins with.
"""

from __future__ import annotations

import copy
import inspect
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.db import connection, transaction
from pytest_django.plugin import blocking_manager_key

IS_FRESH = 15
"""For so many seconds what was made is as good as new: pages tell what happened just now."""
REAL_TRANSACTIONS = {"transactional_db", "live_server"}

Make = Callable[..., Any]


class Layer(NamedTuple):
    """A fixture that was made, in the savepoint that takes it back."""

    make: Make
    savepoint: transaction.Atomic
    value: Any
    made_at: float


class Layers:
    """What the test that runs begins with, each above those that were made before it."""

    def __init__(self) -> None:
        self.made: list[Layer] = []
        self.are_over = False
        """Whether no test follows that could begin with them."""

    def of(self, make: Make) -> Layer | None:
        """The one that was made by this function, if the test begins with it."""
        return next((layer for layer in self.made if layer.make is make), None)

    def change_to(self, wanted: list[Make]) -> None:
        """Take back what is not wanted, or too old, and make what is missing."""
        self.take_back(self.in_common(wanted))
        for make in wanted[len(self.made) :]:
            self.add(make)

    def in_common(self, wanted: list[Make]) -> int:
        """How many of the layers, from the first on, can stay."""
        is_stale = self.made and time.monotonic() - self.made[0].made_at > IS_FRESH
        if is_stale or connection.closed_in_transaction:
            return 0
        same = [layer.make is make for layer, make in zip(self.made, wanted, strict=False)]
        return same.index(False) if False in same else len(same)

    def add(self, make: Make) -> None:
        """Make one more, from those below."""
        savepoint = transaction.atomic()
        savepoint.__enter__()
        try:
            value = make(**{name: self.copy(name) for name in begins_with(make)})
        except BaseException:
            roll_back(savepoint)
            raise
        self.made.append(Layer(make, savepoint, value, time.monotonic()))

    def copy(self, name: str) -> Any:
        """A copy of what the layer of this name holds."""
        layer = next(layer for layer in self.made if layer.make.__name__ == name)
        return copy.deepcopy(layer.value)

    def take_back(self, until: int = 0) -> None:
        """Undo all but so many layers."""
        while len(self.made) > until:
            roll_back(self.made.pop().savepoint)


layers = Layers()
in_order: dict[Make, int] = {}
"""The functions of kept fixtures, and their order: each after those that it begins with."""


def kept(make: Make) -> Any:
    """A fixture that is made once for the tests that follow one another; see above.

    It may begin with other kept ones, and with nothing else.
    """

    def fixture(db: None, **begun_with: Any) -> Any:
        layer = layers.of(make)
        return copy.deepcopy(layer.value) if layer else make(**begun_with)

    names = ["db", *begins_with(make)]
    keyword = inspect.Parameter.KEYWORD_ONLY
    fixture.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, keyword) for name in names]
    )
    fixture.__doc__ = make.__doc__
    fixture.keeps = make  # type: ignore[attr-defined]
    in_order[make] = len(in_order)
    return pytest.fixture(name=make.__name__)(fixture)


def begins_with(make: Make) -> list[str]:
    """The names of the fixtures that this one is made from."""
    return list(inspect.signature(make).parameters)


def roll_back(savepoint: transaction.Atomic) -> None:
    """Leave it with nothing done."""
    transaction.set_rollback(True)
    savepoint.__exit__(None, None, None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Take all back where a test begins with none, or is the last, before its first fixture.

    Playwright runs an event loop in the tests' thread while it is there, and Django has one
    connection to the database with such a loop and another without: what was made by one of them
    is not taken back by the other.
    """
    layers.are_over = nextitem is None
    if layers.are_over or has_real_transactions(item) or has_rows_of_its_own(item):
        with item.config.stash[blocking_manager_key].unblock():
            layers.take_back()


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> None:
    """Have the layers of a test made before its own transaction begins."""
    if fixturedef.argname == "_django_db_helper":
        with request.getfixturevalue("django_db_blocker").unblock():
            layers.change_to(wanted_by(request.node))


def wanted_by(item: pytest.Item) -> list[Make]:
    """The functions of the kept fixtures that the test begins with, in their order."""
    if layers.are_over or has_real_transactions(item):
        return []
    makes = {name: make for name in item.fixturenames if (make := made_by(item, name))}
    return sorted(
        (make for make in makes.values() if is_whole(make, makes)), key=in_order.__getitem__
    )


def has_real_transactions(item: pytest.Item) -> bool:
    """Whether what the test does is committed."""
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction")) or bool(
        REAL_TRANSACTIONS & set(item.fixturenames)
    )


def has_rows_of_its_own(item: pytest.Item) -> bool:
    """Whether it begins with none, but perhaps with what its module's fixtures write themselves."""
    return "django_db_blocker" in item.fixturenames and not wanted_by(item)


def made_by(item: pytest.Item, name: str) -> Make | None:
    """The function of a kept fixture that goes by this name in the test."""
    definitions = item._fixtureinfo.name2fixturedefs.get(name)
    return getattr(definitions[-1].func, "keeps", None) if definitions else None


def is_whole(make: Make, makes: dict[str, Make]) -> bool:
    """Whether all that it is made from is kept too."""
    return all(name in makes and is_whole(makes[name], makes) for name in begins_with(make))
