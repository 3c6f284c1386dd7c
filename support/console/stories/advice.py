"""What is said of a refusal or of how a session stands, and where one goes from there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

type Way = tuple[Model, str]
"""A record, and the name of the act that is done to it; without a name its page."""


def nothing(event: Any) -> Iterable[Any]:
    """No more to tell, or nowhere to go."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Advice:
    """Sentences with places for what is known: ``told`` and ``then``, for the desk.

    ``now`` tells how it stands at the moment, ``ways`` leads to what may be done.
    """

    told: str = ""
    then: str
    now: Callable[[Any], Iterable[str]] = nothing
    ways: Callable[[Any], Iterable[Way]] = nothing
