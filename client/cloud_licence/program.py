"""The program's licence: what a program does when it opens, while it runs, and when it closes.

Each function here locks the store, asks the service if it must, and keeps what it heard.
Several processes of one user on one machine share one session; the last to go gives it back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cloud_licence import addresses, check_outs, closes, keys, states
from cloud_licence.answers import CAUSES, Answer, Done, Granted, NoAnswer
from cloud_licence.desk import Desk, Program, at_desk, hold_for
from cloud_licence.exchange import give_back, hear, lease_end, leave_another, send_closes, take_seat
from cloud_licence.policy import Policy
from cloud_licence.states import Situation, State

if TYPE_CHECKING:
    from cloud_licence.messages import Message

NO_KEY = "no_key"
OPENS = {State.LICENSED, State.UNREACHABLE}
"""The states in which one more window of the program opens."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How things stand now, what the licence is called, and what the user has to be told.

    ``can_do_without`` are the features for which the program was refused, where it said that
    it can do without them: ``program.without(found.can_do_without)`` may open.
    """

    situation: Situation
    policy: Policy
    language: str
    licence_name: str = ""
    notices: tuple[str, ...] = ()
    new_key_waits: bool = False
    can_do_without: tuple[str, ...] = ()

    @property
    def message(self) -> Message:
        """What the user reads."""
        from cloud_licence.messages import message  # only where there is somebody to read

        policy, is_unheard = self.policy, self.situation.code in CAUSES
        return message(
            self.situation,
            contact=policy.contact_text,
            language=self.language,
            without=self.can_do_without,
            way=addresses.way(policy.service_url, policy.proxy) if is_unheard else None,
        )


def open_licence(program: Program, *, is_tried_again: bool = False) -> Outcome:
    """Open the program: take a seat, or the one held already, or go on offline.

    ``situation.is_open`` says whether the program may open. Where somebody who has it open tries
    again, the wait for a service that said nothing is over. Raise StoreBusy.
    """
    with at_desk(program) as desk:
        if is_shared(desk):
            if is_tried_again:
                hurry(desk, within=0.0)
            return open_another_window(desk)
        open_first_window(desk)
        hold_for(desk, desk.program.holder)
        return outcome(desk)


def look(program: Program, *, within: float = math.inf) -> Outcome:
    """How things stand with a program that is running; asks the service when it is time.

    Where the network is back it asks ``within`` so many seconds, if the service said nothing, not
    even how long to wait. Whoever looks often leaves 5 s at least from one request to the next.
    """
    with at_desk(program) as desk:
        if desk.record.holders:
            if "retry_after" not in desk.record.situation.facts:
                hurry(desk, within=within)
            refresh_if_due(desk)
            return outcome(desk)
        send_closes(desk)
        found = outcome(desk)
        if found.situation.is_open:  # every process was killed; the next start goes on with it
            found = replace(found, situation=Situation(), new_key_waits=False)
        return found


def close(program: Program) -> Outcome:
    """Close the program: the last of several gives the seat back, later if it is offline."""
    with at_desk(program) as desk:
        own = desk.program.holder
        remaining = tuple(held for held in desk.record.holders if held.pid != own)
        desk.keep(holders=remaining)
        if not remaining:
            give_back(desk)
        return outcome(desk)


def move(program: Program) -> Outcome:
    """Move Licence: give the seat back and unbind this device; needs a connection.

    ``situation.code`` is empty when it was done. A program that holds no seat takes the one
    that is bound to its device first.
    """
    with at_desk(program) as desk:
        if desk.record.situation.session is None:
            ask_now(desk)
        session = desk.record.situation.session
        if session is None and not desk.record.situation.is_open:
            return outcome(desk)
        answer = desk.service.move(session) if session else None
        if isinstance(answer, Done):
            desk.keep(situation=Situation(), lease="", holders=())
            return outcome(desk)
        situation = declined(desk.record.situation, answer, desk.now)
        if not desk.record.holders:
            give_back(desk)
        return replace(outcome(desk), situation=situation)


def take_features(program: Program, features: tuple[str, ...]) -> Outcome:
    """Take more features for a program that is open, in the session that it has.

    ``situation.code`` is empty when it has them; else it says why not, and the program goes on
    with what it had. A program that asks anew later names them among its ``features``.
    """
    wanted = replace(program, features=(*program.features, *features))
    with at_desk(wanted) as desk:
        if not is_shared(desk):
            return outcome(desk)
        held, answer = desk.record.situation.session, take_seat(desk)
        if isinstance(answer, Granted):
            leave_another(desk, held, answer)
            hear(desk, answer)
            return outcome(desk)
        situation = declined(desk.record.situation, answer, desk.now)
        return replace(outcome(desk), situation=situation)


def declined(situation: Situation, answer: Answer | None, now: float) -> Situation:
    """Why something that was asked for is not done; the program goes on as before. Without an
    answer it is why there is no session for which it could be done."""
    shut = replace(situation, state=State.DENIED, is_open=False, session=None, grace_until=0.0)
    return states.hear(shut, answer, now, min) if answer else shut


def ask_now(desk: Desk) -> None:
    """Ask for a seat at once, whether the program is open without one or not open at all."""
    if not is_shared(desk):
        open_first_window(desk)
        return
    desk.keep(situation=replace(desk.record.situation, talk_at=desk.now))
    refresh_if_due(desk)


def is_shared(desk: Desk) -> bool:
    """Whether another window has the program open already; then its session is shared."""
    return bool(desk.record.holders) and desk.record.situation.is_open


def open_first_window(desk: Desk) -> None:
    """Ask for a seat, and then say what an earlier run left to be said.

    The session that a crash left may be the very one that is granted, also to another key, so
    it is closed only when it is not. Without an answer it stays known.
    """
    left = desk.record.situation.session
    desk.keep(
        holders=(),
        situation=states.start(
            desk.now,
            session=left,
            grace_until=lease_end(desk),
            clock_is_trusted=not desk.has_clock_problem,
        ),
    )
    if not desk.policy.has_key:
        desk.keep(situation=replace(desk.record.situation, state=State.DENIED, code=NO_KEY))
        return
    answer = take_seat(desk)
    if isinstance(answer, Granted):
        leave_another(desk, left, answer)
    hear(desk, answer)
    if not desk.record.situation.is_open:
        desk.record = closes.give_up_pending(desk.record, desk.now)
    if not isinstance(answer, NoAnswer):
        send_closes(desk)


def open_another_window(desk: Desk) -> Outcome:
    """Share the session of the windows that are open; one that has none asks for it now."""
    if desk.record.situation.state in OPENS:
        refresh_if_due(desk)
    else:
        ask_now(desk)
    situation = desk.record.situation
    if situation.state in OPENS:
        hold_for(desk, desk.program.holder)
        return outcome(desk)
    refused = replace(situation, is_open=False)  # the others stay open
    if situation.state is State.GRACE_OVER:
        refused = replace(refused, state=State.DENIED)
    return replace(outcome(desk), situation=refused)


def refresh_if_due(desk: Desk) -> None:
    """Refresh the session, or ask for a new one, if it is time; else only the time passes."""
    is_trusted = not desk.has_clock_problem
    situation = states.judge_clock(desk.record.situation, desk.now, is_trusted=is_trusted)
    situation = states.pass_time(situation, desk.now)
    desk.keep(situation=situation)
    if not states.is_due(situation, desk.now):
        return
    session = situation.session
    if session is None:
        answer = take_seat(desk)
    else:
        answer = desk.service.refresh(session, version=desk.program.version)
    hear(desk, answer)
    if not isinstance(answer, NoAnswer):
        send_closes(desk)


def hurry(desk: Desk, *, within: float) -> None:
    """Ask within so many seconds where nothing was heard last."""
    desk.keep(situation=states.hurry(desk.record.situation, desk.now, within))


def outcome(desk: Desk) -> Outcome:
    """How things stand at the desk."""
    situation, record = desk.record.situation, desk.record
    key, optional = desk.newest_policy.serial_number, desk.program.optional_features
    return Outcome(
        situation=situation,
        policy=desk.policy,
        language=desk.program.language,
        licence_name=record.licence_name,
        notices=tuple(desk.store.notices),
        new_key_waits=situation.session is not None
        and bool(key)
        and not keys.is_same(key, record.serial_number),
        can_do_without=()
        if situation.is_open
        else check_outs.can_do_without(situation.code, situation.facts, optional),
    )
