"""What staff do to sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from licensing import pools, sessions
from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import ClientSession, Licence
from licensing.models.sessions import EndReason, SessionState
from support.acts.before import Before, done_by, nothing_before
from support.acts.records import Kind, RecordAct
from support.acts.why import Usual, Why


def release(session: ClientSession, *, by: Actor, reason: str) -> str:
    """Release the session; return what to tell."""
    if not sessions.release(session, by=by, reason=reason):
        raise InvalidOperation(why_not_release(session) or f"{session} holds no seat.")
    return f"Released the licence held by {session}."


def preview_release(session: ClientSession) -> list[str]:
    """How full the licence is before and after."""
    return preview_releases([session])


def preview_releases(released: Sequence[ClientSession]) -> list[str]:
    """How full each licence of theirs is before and after, once all of them are released."""
    many = Counter(session.licence for session in released)
    return [how_full(licence, pools.in_use(licence), less) for licence, less in many.items()]


def how_full(licence: Licence, in_use: int, less: int) -> str:
    """``Planners: 4 of 10 in use now, 3 after.``"""
    return f"{licence}: {in_use:,} of {licence.seats:,} in use now, {in_use - less:,} after."


def why_not_release(session: ClientSession) -> str:
    """An ended session has nothing to release."""
    if session.ended_at is None:
        return ""
    return f"{session} had already given the licence back."


def released_before(session: ClientSession) -> Before:
    """Who released it, of one that was."""
    if session.end_reason != EndReason.RELEASED:
        return nothing_before(session)
    return Before(done_by(session, "session_released", "released"))


def with_state(session: ClientSession) -> str:
    """What a page says about a session that was listed with its state."""
    numbered = f" (session {session.os_session})" if session.os_session else ""
    state = SessionState(session.state).label.lower()  # type: ignore[attr-defined]
    return f"{session}{numbered}: {session.licence} of {session.account}, {state}"


KIND = Kind(
    acts=(
        RecordAct(
            name="release",
            label="Release",
            effects="The seat is free at once. They can keep working; the program takes a new "
            "seat if one is free.",
            run=release,
            preview=preview_release,
            together=preview_releases,
            why_not=why_not_release,
            before=released_before,
            reasons=(
                Usual(Why.AWAY, "On holiday, with the program open."),
                Usual(Why.AWAY, "Left for the day, with the program open."),
                Usual(Why.ASKED, "A colleague needs the seat now."),
                Usual(Why.AWAY, "Their PC does not answer."),
            ),
            in_rows=True,
            at_hand=True,
        ),
    ),
    describe=with_state,
    lock=lambda session: ClientSession.every.get(pk=session.pk),
)
