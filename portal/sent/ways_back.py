"""Where somebody was before a page asked them to confirm that it is them: there Cancel leads."""

from __future__ import annotations

from django.contrib.sessions.backends.base import SessionBase

KEPT_AS = "ways_back"
MOST_KEPT = 5


def keep(session: SessionBase, asked_for: str, back: str) -> None:
    """Remember where they were who ``asked_for`` this address; of the last few."""
    others = [pair for pair in kept(session).items() if pair[0] != asked_for]
    session[KEPT_AS] = dict([*others, (asked_for, back)][-MOST_KEPT:])


def kept(session: SessionBase) -> dict[str, str]:
    """Where they were, by the address that they asked for."""
    found: dict[str, str] = session.get(KEPT_AS, {})
    return found
