"""What the desk and the customer are told of a session, as it stands or as it ended."""

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
        reply="{person} is using {licence} on {machine}, and the program is in touch. The seat "
        "comes back when it is closed.",
    ),
    SessionState.QUIET: Advice(
        then="It may have lost its connection, and is often back within minutes.",
        ways=release,
        reply="{person} is using {licence} on {machine}. The program has not been in touch for "
        "some minutes; please check the connection of that computer. Nobody is thrown out.",
    ),
    SessionState.OFFLINE: Advice(
        then="They may work on. Release it if nobody does, and somebody else needs the seat.",
        ways=release,
        reply="{machine} works offline with {licence} and keeps its seat. Connect it, or close the "
        "program while it is connected, and the seat comes back. An owner or manager can also "
        "release it in the portal.",
    ),
    SessionState.HELD: Advice(
        then="The machine is away and the seat counts. Release it if somebody needs the seat.",
        ways=release,
        reply="{machine} has not been in touch for so long that its grace period is over, and its "
        "seat of {licence} still counts. An owner or manager can release it in the portal.",
    ),
    SessionState.ENDING: Advice(
        then="A rule bars it or its licence is over: the seat comes back at its next refresh.",
        reply="the session of {person} on {machine} ends with its next contact, for {licence} is "
        "over or an access rule of your organisation bars it.",
    ),
    EndReason.CLOSED: Advice(
        then="Nothing needs doing.",
        reply="{person} closed the program on {machine}, and its seat of {licence} came back.",
    ),
    EndReason.RELEASED: Advice(
        then=START_AGAIN,
        reply="the seat of {licence} that {person} held on {machine} was released for somebody "
        "else. The program stays open, and takes a new seat when it is started again.",
    ),
    EndReason.RECLAIMED: Advice(
        then="It takes a seat again by itself when it is back, if one is free.",
        reply="nothing was heard of the program on {machine} for long, so its seat of {licence} "
        "came back. It takes one again when it is in touch, if one is free.",
    ),
    EndReason.REPLACED: Advice(
        then="Another session on its machine has the seat. Nothing needs doing.",
        reply="another session on {machine} took over the seat of {licence}.",
    ),
    EndReason.MOVED: Advice(
        then="The licence was moved to another device. It can be moved back there.",
        reply="{licence} was moved away from {machine}. It can be moved back from its new device.",
    ),
    EndReason.KEY_REVOKED: Advice(
        then="They need another key of the licence.",
        ways=now.of_licence("add-key"),
        reply="the session on {machine} ended because its product key was revoked. Please ask your "
        "IT department for another; an owner or manager finds it in the portal.",
    ),
    EndReason.BLOCKED: Advice(
        then="An access rule bars them: ask an owner or manager before it is lifted.",
        ways=lambda session: ((rule, "lift") for rule in [now.barred_by(session)] if rule),
        reply="the session of {person} on {machine} ended by an access rule of your organisation. "
        "An owner or manager of your account can lift it in the portal.",
    ),
    EndReason.LICENCE_ENDED: Advice(
        then="It has to be renewed: sales change its term.",
        ways=now.of_licence("term"),
        reply="the session on {machine} ended with {licence}. As soon as it is renewed the program "
        "can be started again, with the same key.",
    ),
}
"""By the state of a session that is open, or how one ended."""
