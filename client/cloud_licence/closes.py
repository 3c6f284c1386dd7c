"""Closes: sessions that have ended here, and that the service has to hear of.

A close that could not be said waits in the record, and says later when it happened. A session
of which the client only knows the id that it made itself, because no answer came, is closed with
the serial number and product key instead of a token.
"""

from __future__ import annotations

from dataclasses import replace

from cloud_licence import keys
from cloud_licence.answers import Answer, NoAnswer, Session
from cloud_licence.records import Record, UnsentClose
from cloud_licence.states import Situation

MOST_CLOSES = 20


def leave(record: Record, at: float) -> Record:
    """The record of a program that has ended: its session, and one that it may have without
    knowing, are to be closed. ``at`` is when it ended, by the service's clock as far as known."""
    if session := record.situation.session:
        record = queue(record, session, at)
    situation = Situation(grace_until=record.situation.grace_until)
    return give_up_pending(replace(record, situation=situation), at)


def give_up_pending(record: Record, at: float) -> Record:
    """The record of a program that asked for a seat, heard nothing, and will not ask again."""
    if record.pending is None:
        return record
    pending = record.pending
    record = queue(record, Session(pending.session_id), at, pending.serial_number)
    return replace(record, pending=None)


def queue(record: Record, session: Session, at: float, serial_number: str = "") -> Record:
    """The record with one more close to send; when there are too many the oldest goes, first of
    those of which nobody knows whether there is such a session.

    Its time is never before one that the service has told, or the close would be taken for
    that of an earlier run; without a time of the service it has none.
    """
    ended_at = max(at, record.latest) if record.server_time else 0.0
    others = strike(record, session.id).closes
    closes = [*others, UnsentClose(session, ended_at, serial_number)]
    if len(closes) > MOST_CLOSES:
        closes.remove(min(closes, key=lambda close: bool(close.session.token)))
    return replace(record, closes=tuple(closes))


def strike(record: Record, session_id: str) -> Record:
    """The record without closes of a session: it was granted anew, and is in use."""
    closes = tuple(close for close in record.closes if close.session.id != session_id)
    return replace(record, closes=closes)


def sendable(record: Record, serial_number: str) -> tuple[UnsentClose, ...]:
    """The closes that can be said now, oldest first: with a token, or with this key."""
    return tuple(
        close
        for close in record.closes
        if close.session.token
        or (serial_number and keys.is_same(close.serial_number, serial_number))
    )


def ended_at(close: UnsentClose, *, is_now: bool) -> float | None:
    """The time that goes with a close; None for one that is said as it happens, and for one
    whose time is not known."""
    return None if is_now else close.ended_at or None


def hear(record: Record, close: UnsentClose, answer: Answer) -> Record:
    """The record once a close was sent: only without an answer it is kept."""
    return record if isinstance(answer, NoAnswer) else strike(record, close.session.id)
