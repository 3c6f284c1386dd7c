"""What holds for an act that says nothing else of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def nothing(record: Any, **asked: Any) -> list[str]:
    """No more than the act's effects."""
    return []


def each_by_itself(records: Sequence[Any]) -> list[str]:
    """What is told of several records is told of each."""
    return []


def nowhere(record: Any) -> None:
    """One goes back to where the act was begun."""


def always(record: Any) -> str:
    """The act makes sense for every record."""
    return ""


def empty(record: Any) -> dict[str, Any]:
    """A form that is empty at first."""
    return {}


def unnamed(record: Any) -> str:
    """Nothing has to be typed."""
    return ""


def as_described(record: Any, **asked: Any) -> str:
    """The record says what it is about."""
    return ""


def no_more(record: Any, **asked: Any) -> None:
    """Nothing comes next, or first."""
