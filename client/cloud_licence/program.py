"""The program's licence: what a program does when it opens, while it runs, and when it closes.

Each function here locks the store, asks the service if it must, and keeps what it heard.
Several processes of one user on one machine share one session; the last to go gives it back.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from cloud_licence import answers, records, states
from cloud_licence.answers import Answer, Done, NoAnswer, Refused
from cloud_licence.desk import (
    Desk,
    Program,
    at_desk,
    check_out,
    give_back,
    has_clock_problem,
    hear,
    hold_for,
    is_other_key,
    lease_end,
    send_closes,
)
from cloud_licence.policy import Policy
from cloud_licence.states import Situation, State

NO_KEY, MOVE_NEEDS_CONNECTION = "no_key", "move_needs_connection"
OPENS = {State.LICENSED, State.UNREACHABLE}
"""The states in which one more window of the program opens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How things stand now, what the licence is called, and what the user has to be told."""

    situation: Situation
    policy: Policy
    licence_name: str = ""
    notices: tuple[str, ...] = ()
    new_key_waits: bool = False


def open_licence(program: Program) -> Outcome:
    """Open the program: take a seat, or the one held already, or go on offline.

    ``situation.is_open`` says whether the program may open. Raise StoreBusy.
    """
    with at_desk(program) as desk:
        if is_shared(desk):
            return open_another_window(desk)
        open_first_window(desk)
        hold_for(desk, program.holder)
        return outcome(desk)


def look(program: Program) -> Outcome:
    """How things stand with a program that is running; asks the service when it is time."""
    with at_desk(program) as desk:
        if desk.record.holders:
            refresh_if_due(desk)
            return outcome(desk)
        send_closes(desk)
        found = outcome(desk)
        if found.situation.is_open:  # every process was killed; the next start goes on with it
            found = dataclasses.replace(found, situation=Situation(), new_key_waits=False)
        return found


def close(program: Program) -> Outcome:
    """Close the program: the last of several gives the seat back, later if it is offline."""
    with at_desk(program) as desk:
        remaining = tuple(held for held in desk.record.holders if held.pid != program.holder)
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
        answer = desk.service.move(session) if session else NoAnswer(answers.UNREACHABLE)
        if isinstance(answer, Done):
            desk.keep(situation=Situation(), lease="", holders=())
            return outcome(desk)
        situation = not_moved(desk, answer)
        if not desk.record.holders:
            give_back(desk)
        return dataclasses.replace(outcome(desk), situation=situation)


def not_moved(desk: Desk, answer: Answer) -> Situation:
    """Why the licence could not be moved; the program goes on as before."""
    known = answer if isinstance(answer, Refused | NoAnswer) else None
    return dataclasses.replace(
        desk.record.situation,
        state=State.DENIED,
        is_open=False,
        detail=answer.detail if isinstance(answer, Refused) else "",
        code=answer.code if isinstance(answer, Refused) else MOVE_NEEDS_CONNECTION,
        reference=known.reference if known else "",
    )


def ask_now(desk: Desk) -> None:
    """Ask for a seat at once, whether the program is open without one or not open at all."""
    if not is_shared(desk):
        open_first_window(desk)
        return
    desk.keep(situation=dataclasses.replace(desk.record.situation, talk_at=desk.now))
    refresh_if_due(desk)


def is_shared(desk: Desk) -> bool:
    """Whether another window has the program open already; then its session is shared."""
    return bool(desk.record.holders) and desk.record.situation.is_open


def open_first_window(desk: Desk) -> None:
    """Ask for a seat, once what an earlier run left has been said."""
    let_go_of_old_key(desk)
    left = desk.record.situation
    desk.keep(
        holders=(),
        situation=states.start(
            desk.now,
            session=left.session,
            grace_until=lease_end(desk),
            clock_is_trusted=not has_clock_problem(desk),
        ),
    )
    if problem := missing(desk.policy):
        denied = dataclasses.replace(desk.record.situation, state=State.DENIED, code=problem)
        desk.keep(situation=denied)
        return
    send_closes(desk)
    hear(desk, check_out(desk))


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
    refused = dataclasses.replace(situation, is_open=False)  # the others stay open
    if situation.state is State.GRACE_OVER:
        refused = dataclasses.replace(refused, state=State.DENIED, code=states.CONNECTION_NEEDED)
    return dataclasses.replace(outcome(desk), situation=refused)


def missing(found: Policy) -> str:
    """The code of what the policy does not have; empty if nothing is missing."""
    if not found.has_key:
        return NO_KEY
    return "" if found.service_url else answers.NO_SERVICE


def let_go_of_old_key(desk: Desk) -> None:
    """A session that a crash left open under another key is given back."""
    is_other = is_other_key(desk.policy.serial_number, desk.record.serial_number)
    if desk.policy.has_key and desk.record.situation.session and is_other:
        desk.record = records.queue_close(desk.record, min(desk.record.latest, desk.now))


def refresh_if_due(desk: Desk) -> None:
    """Refresh the session, or ask for a new one, if it is time; else only the time passes."""
    situation = states.pass_time(desk.record.situation, desk.now)
    desk.keep(situation=situation)
    if not states.is_due(situation, desk.now):
        return
    send_closes(desk)
    session = situation.session
    if session is None:
        hear(desk, check_out(desk))
        return
    hear(desk, desk.service.refresh(session, version=desk.program.version))


def outcome(desk: Desk) -> Outcome:
    """How things stand at the desk."""
    situation, record = desk.record.situation, desk.record
    key = desk.newest_policy.serial_number
    return Outcome(
        situation=situation,
        policy=desk.policy,
        licence_name=record.licence_name,
        notices=tuple(desk.store.notices),
        new_key_waits=situation.session is not None
        and bool(key)
        and is_other_key(key, record.serial_number),
    )
