"""States: what follows from what, as plain functions over explicit inputs.

They know no clock, network or disk, so that they can be written alike in any language, and
the conformance kit tries them (``vectors/states.json``). Times are seconds since 1970 by the
service's clock, as far as it is known. Nothing here ever closes the program: once ``is_open``,
it stays so.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from cloud_licence.answers import Answer, Done, Granted, NoAnswer, Refused, Session

FIRST_WAIT, LONGEST_WAIT = 30.0, 900.0
MOST_DOUBLINGS = 5
SOON = (1.0, 30.0)
"""Within so many seconds a program asks anew whose session is gone."""
EARLY = (0.9, 1.0)
"""The share of ``refresh_after`` that passes until a refresh, so that not all come at once."""
LATE = (1.0, 1.5)
"""How much longer than the shortest wait somebody waits who tries again."""

SESSION_IS_GONE = {"session_released", "session_ended", "session_unknown", "token_invalid"}
KEY_IS_GONE = {"key_superseded", "key_revoked"}
ENDS_THE_LEASE = KEY_IS_GONE | {
    "access_blocked",
    "device_limit",
    "licence_closed",
    "licence_expired",
    "licence_suspended",
    "session_ended",
    "session_released",
    "session_unknown",
}
"""After these a program that is open will not open offline again. A start spends its lease on any
refusal."""
POOL_EXHAUSTED = "pool_exhausted"
CLOCK_TURNED_BACK = "clock_turned_back"
MOVED = "moved"
"""Why a session ended whose licence is meant for another device now."""

Uniform = Callable[[float, float], float]
"""A random number between two, such as ``random.uniform``."""


class State(enum.StrEnum):
    """How things stand."""

    STARTING = "starting"
    LICENSED = "licensed"
    UNREACHABLE = "unreachable"
    GRACE_OVER = "grace_over"
    DENIED = "denied"
    RELEASED = "released"
    KEY_REPLACED = "key_replaced"


UNHEARD = {State.UNREACHABLE, State.GRACE_OVER, State.RELEASED}
"""In these an open program may wait for a service that said nothing."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """How things stand with a program, and why.

    ``talk_at`` is when to ask the service next; None: not by itself. ``code`` and
    ``reference`` are those of the last refusal or failure.
    """

    state: State = State.STARTING
    is_open: bool = False
    session: Session | None = None
    grace_until: float = 0.0
    talk_at: float | None = None
    tries: int = 0
    clock_is_trusted: bool = True
    code: str = ""
    detail: str = ""
    reference: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def start(
    now: float,
    *,
    grace_until: float = 0.0,
    session: Session | None = None,
    clock_is_trusted: bool = True,
) -> Situation:
    """A program that is being opened, with the end of its verified lease if it has one.

    A clock that was turned back cannot say whether the lease still runs.
    """
    return Situation(
        session=session,
        grace_until=grace_until,
        talk_at=now,
        clock_is_trusted=clock_is_trusted,
    )


def judge_clock(situation: Situation, now: float, *, is_trusted: bool) -> Situation:
    """How things stand with a clock that was turned back, or was not: while it was, only the
    service can say whether the lease still runs, so it is asked at once."""
    judged = replace(situation, clock_is_trusted=is_trusted)
    relies_on_clock = situation.state in (State.LICENSED, State.UNREACHABLE)
    return judged if is_trusted or not relies_on_clock else replace(judged, talk_at=now)


def is_due(situation: Situation, now: float) -> bool:
    """Whether it is time to ask the service: for a refresh if there is a session, or a seat."""
    return situation.talk_at is not None and situation.talk_at <= now


def hurry(situation: Situation, now: float, within: float) -> Situation:
    """One that is open and heard nothing last asks within so many seconds, if not earlier."""
    has_heard_nothing = situation.is_open and situation.tries and situation.state in UNHEARD
    if not has_heard_nothing or situation.talk_at is None:
        return situation
    return replace(situation, talk_at=min(situation.talk_at, now + within))


def hear(situation: Situation, answer: Answer, now: float, uniform: Uniform) -> Situation:
    """How things stand once the service has answered a check-out or a refresh, or has not."""
    match answer:
        case Granted():
            return hold(situation, answer, now, uniform)
        case Refused(code=code) if code in SESSION_IS_GONE and has_open_session(situation):
            return lose_session(situation, answer, now, uniform)
        case Refused():
            return be_refused(situation, answer, now, uniform)
        case NoAnswer():
            return be_alone(situation, answer, now, uniform)
        case Done():
            return situation


def has_open_session(situation: Situation) -> bool:
    """Whether an open program holds a session, and so has something to lose."""
    return situation.is_open and situation.session is not None


def hold(situation: Situation, answer: Granted, now: float, uniform: Uniform) -> Situation:
    """A seat is held, and the program is open."""
    return Situation(
        state=State.LICENSED,
        is_open=True,
        session=answer.session,
        grace_until=answer.grace_until,
        talk_at=now + answer.refresh_after * uniform(*EARLY),
    )


def lose_session(situation: Situation, answer: Refused, now: float, uniform: Uniform) -> Situation:
    """The session is gone; the program stays open and soon asks for a new one, unless the user
    moved the licence away: that would bind this device again."""
    is_moved = answer.facts.get("reason") == MOVED
    return replace(
        told(situation, answer),
        state=State.RELEASED,
        session=None,
        talk_at=None if is_moved else now + uniform(*SOON),
        tries=0,
    )


def be_refused(situation: Situation, answer: Refused, now: float, uniform: Uniform) -> Situation:
    """No seat: what was not open stays shut, what is open goes on. A session asks on."""
    refused = replace(
        told(situation, answer),
        state=State.KEY_REPLACED if answer.code in KEY_IS_GONE else State.DENIED,
        tries=situation.tries + 1,
    )
    if answer.code == POOL_EXHAUSTED:
        return wait_for_a_seat(refused, answer, now, uniform)
    asks_again = answer.is_retryable or situation.session is not None
    talk_at = later(situation, answer.retry_after, now, uniform) if asks_again else None
    return replace(refused, talk_at=talk_at)


def wait_for_a_seat(
    situation: Situation, answer: Refused, now: float, uniform: Uniform
) -> Situation:
    """Ask a full pool again when it says, never later each time: a seat may be back any moment."""
    wait = answer.retry_after or FIRST_WAIT
    return replace(situation, talk_at=now + wait * uniform(*LATE), tries=1)


def be_alone(situation: Situation, answer: NoAnswer, now: float, uniform: Uniform) -> Situation:
    """No word from the service: the lease decides whether the program opens."""
    alone = replace(
        situation,
        talk_at=later(situation, answer.retry_after, now, uniform),
        tries=situation.tries + 1,
    )
    if situation.is_open and situation.state in (State.DENIED, State.RELEASED, State.KEY_REPLACED):
        return alone  # what the service said last still holds
    alone = replace(
        alone,
        code=answer.why,
        detail="",
        reference=answer.reference,
        facts={"retry_after": answer.retry_after} if answer.retry_after else {},
    )
    has_lease = now < situation.grace_until
    is_over = situation.is_open and situation.state is State.GRACE_OVER
    if has_lease and situation.clock_is_trusted and not is_over:
        return replace(alone, state=State.UNREACHABLE, is_open=True)
    is_clock = has_lease and not situation.clock_is_trusted
    code = CLOCK_TURNED_BACK if is_clock else answer.why
    state = State.GRACE_OVER if situation.is_open else State.DENIED
    return replace(alone, state=state, code=code)


def told(situation: Situation, answer: Refused) -> Situation:
    """The situation with what a refusal says about it. Who is refused at a start does not open
    offline either, whatever the reason was."""
    ends_the_lease = answer.code in ENDS_THE_LEASE or not situation.is_open
    return replace(
        situation,
        code=answer.code,
        detail=answer.detail,
        reference=answer.reference,
        facts=answer.facts,
        grace_until=0.0 if ends_the_lease else situation.grace_until,
    )


def later(situation: Situation, retry_after: float, now: float, uniform: Uniform) -> float:
    """When to try again: as late as the service asks, later each time, and not all at once."""
    doubled = FIRST_WAIT * 2.0 ** min(situation.tries, MOST_DOUBLINGS)
    wait = max(retry_after, min(doubled, LONGEST_WAIT))
    return now + wait * uniform(*LATE)


def pass_time(situation: Situation, now: float) -> Situation:
    """How things stand now: a grace period ends by itself."""
    if situation.state is State.UNREACHABLE and now >= situation.grace_until:
        return replace(situation, state=State.GRACE_OVER)
    return situation
