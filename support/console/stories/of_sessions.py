"""What the desk is told of a session, as it stands or as it ended."""

from __future__ import annotations

from collections.abc import Iterator

from licensing.models import ClientSession
from licensing.models.sessions import EndReason, SessionState
from support.console.stories import now
from support.console.stories.advice import Advice, Way


def release(session: ClientSession) -> Iterator[Way]:
    """Giving its seat back."""
    yield session, "release"


START_AGAIN = "They start the program again: it takes a seat if one is free."
OF_SESSION: dict[str, Advice] = {
    SessionState.ACTIVE: Advice(
        then="Nothing needs doing. The seat comes back when the program is closed.",
        ways=release,
    ),
    SessionState.QUIET: Advice(
        then="It may have lost its connection, and is often back within minutes.",
        ways=release,
    ),
    SessionState.OFFLINE: Advice(
        then="They may work on. Release it if nobody does, and somebody else needs the seat.",
        ways=release,
    ),
    SessionState.HELD: Advice(
        then="The machine is away and the seat counts. Release it if somebody needs the seat.",
        ways=release,
    ),
    SessionState.ENDING: Advice(
        then="A rule bars it or its licence is over: the seat comes back at its next refresh.",
    ),
    EndReason.CLOSED: Advice(
        then="Nothing needs doing.",
    ),
    EndReason.RELEASED: Advice(
        then=START_AGAIN,
    ),
    EndReason.RECLAIMED: Advice(
        then="It takes a seat again by itself when it is back, if one is free.",
    ),
    EndReason.REPLACED: Advice(
        then="Another session on its machine has the seat. Nothing needs doing.",
    ),
    EndReason.MOVED: Advice(
        then="The licence was moved to another device. It can be moved back there.",
    ),
    EndReason.KEY_REVOKED: Advice(
        then="They need another key of the licence.",
        ways=now.of_licence("add-key"),
    ),
    EndReason.BLOCKED: Advice(
        then="An access rule barred them. Now none does: they can start the program again.",
    ),
    EndReason.LICENCE_ENDED: Advice(
        then="It has to be renewed: sales change its term.",
        ways=now.of_licence("term"),
    ),
}
"""By the state of a session that is open, or how one ended."""
