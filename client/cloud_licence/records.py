"""Records: what the client keeps between two starts, and how it is written.

One record belongs to one user on one machine (and in one remote session). It holds no
product key.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Any

from cloud_licence.answers import Answer, NoAnswer, Session
from cloud_licence.leases import as_compared
from cloud_licence.states import Situation, State

FORMAT = 1
LARGEST = 1e11
MOST_CLOSES = 20
LATE = 60
"""A close that is sent later than this says when it happened."""
SHORT_LEASE = 3600
"""A lease that promises no more than this ends with a clean close."""


class Torn(Exception):
    """This is no record, or only a part of one."""


class Foreign(Exception):
    """This record is of another user or machine."""


class TooNew(Exception):
    """A newer version of the program wrote this record."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A running process that holds the session. The mark tells it from a later one of its id."""

    pid: int
    mark: str


@dataclass(frozen=True, slots=True)
class UnsentClose:
    """A session that was closed, and the service has not heard of it yet."""

    session: Session
    ended_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is known.

    ``ahead`` is by how many seconds the service's clock is ahead of this computer's, and
    ``latest`` the latest time by the service's clock that has been seen.
    """

    machine_name: str
    username: str
    os_session: str = ""
    serial_number: str = ""
    licence_name: str = ""
    situation: Situation = field(default_factory=Situation)
    lease: str = field(default="", repr=False)
    keys: tuple[dict[str, Any], ...] = ()
    ahead: float = 0.0
    latest: float = 0.0
    closes: tuple[UnsentClose, ...] = ()
    holders: tuple[Holder, ...] = ()


def written(record: Record) -> str:
    """The record as JSON."""
    return json.dumps({"format": FORMAT} | dataclasses.asdict(record), indent=1, allow_nan=False)


def read(text: str, *, machine_name: str, username: str) -> Record:
    """The record that a text holds; raise Torn, TooNew or Foreign."""
    try:
        document = json.loads(text, parse_constant=number_of)
        number = document.pop("format")
        if isinstance(number, int) and number > FORMAT:
            raise TooNew
        record = record_of(document)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        raise Torn from None
    if as_compared(record.machine_name) != as_compared(machine_name):
        raise Foreign
    if as_compared(record.username) != as_compared(username):
        raise Foreign
    return record


def record_of(document: dict[str, Any]) -> Record:
    """The record that a JSON object describes; raise KeyError, TypeError or ValueError."""
    return Record(
        **document
        | {
            "machine_name": text_of(document["machine_name"]),
            "username": text_of(document["username"]),
            "lease": text_of(document["lease"]),
            "serial_number": text_of(document["serial_number"]),
            "licence_name": text_of(document["licence_name"]),
            "ahead": number_of(document["ahead"]),
            "latest": number_of(document["latest"]),
            "keys": tuple(dict(key) for key in document["keys"]),
            "closes": tuple(
                UnsentClose(session_of(close["session"]), number_of(close["ended_at"]))
                for close in document["closes"]
            ),
            "holders": tuple(
                Holder(int(holder["pid"]), str(holder["mark"])) for holder in document["holders"]
            ),
            "situation": situation_of(document["situation"]),
        }
    )


def situation_of(document: dict[str, Any]) -> Situation:
    """The situation that a JSON object describes; raise KeyError, TypeError or ValueError."""
    talk_at, session = document["talk_at"], document["session"]
    return Situation(
        **document
        | {
            "state": State(document["state"]),
            "is_open": document["is_open"] is True,
            "session": session_of(session) if session else None,
            "grace_until": number_of(document["grace_until"]),
            "talk_at": None if talk_at is None else number_of(talk_at),
            "tries": int(number_of(document["tries"])),
            "code": text_of(document["code"]),
            "detail": text_of(document["detail"]),
            "reference": text_of(document["reference"]),
            "facts": dict(document["facts"]),
        }
    )


def session_of(document: dict[str, Any]) -> Session:
    """The session that a JSON object describes; raise KeyError or TypeError."""
    return Session(text_of(document["id"]), text_of(document["token"]))


def number_of(value: Any) -> float:
    """A number that can be a time or a wait; raise TypeError or ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("Not a number.")
    if not -LARGEST <= value <= LARGEST:
        raise ValueError("Neither a time nor a wait.")
    return float(value)


def text_of(value: Any) -> str:
    """A text; raise TypeError for anything else."""
    if not isinstance(value, str):
        raise TypeError("Not a text.")
    return value


def queue_close(record: Record, at: float) -> Record:
    """The record without its session, whose close is still to be sent."""
    session = record.situation.session
    situation = Situation(grace_until=record.situation.grace_until)
    if session is None:
        return dataclasses.replace(record, situation=situation)
    closes = (*record.closes, UnsentClose(session, at))[-MOST_CLOSES:]
    return dataclasses.replace(record, situation=situation, closes=closes)


def ended_at(close: UnsentClose, now: float) -> float | None:
    """The time that goes with a close; None for one that happened just now."""
    return None if now - close.ended_at < LATE else close.ended_at


def hear_of_close(record: Record, answer: Answer) -> Record:
    """The record once the first unsent close was sent: only without an answer is it kept."""
    if isinstance(answer, NoAnswer):
        return record
    return dataclasses.replace(record, closes=record.closes[1:])
