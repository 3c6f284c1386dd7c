"""Records: what the client keeps between two starts, and how it is written.

One record belongs to one user on one machine (and in one remote session). It holds no
product key.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from cloud_licence.answers import Session, number_of, text_of
from cloud_licence.leases import as_compared
from cloud_licence.states import Situation, State

FORMAT = 2
"""Records of format 1 are read as they are; they have no ``pending``, ``server_time`` and
``device_id``."""
SHORT_LEASE = 3600
"""A lease that promises no more than this ends with a clean close."""


class Torn(Exception):
    """This is no record, or only a part of one."""


class Foreign(Exception):
    """This record is of another user or machine."""


class TooNew(Exception):
    """A newer version of the program wrote this record."""


@dataclass(frozen=True)
class Holder:
    """A running process that holds the session. The mark tells it from a later one of its id."""

    pid: int
    mark: str


@dataclass(frozen=True)
class UnsentClose:
    """A session that was closed, and the service has not heard of it yet.

    ``ended_at`` is by the service's clock, 0 if that has never been heard. A session without
    a token is closed with the product key of ``serial_number``.
    """

    session: Session
    ended_at: float
    serial_number: str = ""


@dataclass(frozen=True)
class Pending:
    """The id that was made for a session, and the key with which it was asked for: no answer
    has come yet, so there may be such a session."""

    session_id: str
    serial_number: str


@dataclass(frozen=True, kw_only=True)
class Record:
    """What is known.

    ``ahead`` is by how many seconds the service's clock is ahead of this computer's,
    ``latest`` the latest time by the service's clock that has been seen, and ``server_time``
    what the service last said itself, 0 if it never has. ``device_id`` is what the session was
    asked for with, empty if with none.
    """

    machine_name: str
    username: str
    os_session: str = ""
    device_id: str = ""
    serial_number: str = ""
    licence_name: str = ""
    situation: Situation = field(default_factory=Situation)
    lease: str = field(default="", repr=False)
    keys: tuple[dict[str, Any], ...] = ()
    ahead: float = 0.0
    latest: float = 0.0
    server_time: float = 0.0
    pending: Pending | None = None
    closes: tuple[UnsentClose, ...] = ()
    holders: tuple[Holder, ...] = ()


def of_clone(record: Record) -> Record:
    """What is left of a record that came with the disk of another machine, which may be at work
    with all of the rest: keys and time."""
    return Record(
        machine_name=record.machine_name,
        username=record.username,
        os_session=record.os_session,
        keys=record.keys,
        ahead=record.ahead,
        latest=record.latest,
        server_time=record.server_time,
    )


def written(record: Record) -> str:
    """The record as JSON."""
    return json.dumps({"format": FORMAT} | vars(record), default=vars, allow_nan=False)


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
            "device_id": text_of(document.get("device_id", "")),
            "lease": text_of(document["lease"]),
            "serial_number": text_of(document["serial_number"]),
            "licence_name": text_of(document["licence_name"]),
            "ahead": number_of(document["ahead"]),
            "latest": number_of(document["latest"]),
            "server_time": server_time_of(document),
            "pending": pending_of(document.get("pending")),
            "keys": tuple(dict(key) for key in document["keys"]),
            "closes": tuple(
                UnsentClose(
                    session_of(close["session"]),
                    number_of(close["ended_at"]),
                    text_of(close.get("serial_number", "")),
                )
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


def server_time_of(document: dict[str, Any]) -> float:
    """When the service last said its time. Format 1 does not tell: only a grant has named a
    serial number."""
    has_heard = text_of(document["serial_number"])
    return number_of(document.get("server_time", document["latest"] if has_heard else 0))


def pending_of(document: dict[str, Any] | None) -> Pending | None:
    """The session that there may be, if an object describes one; raise KeyError or TypeError."""
    if document is None:
        return None
    return Pending(text_of(document["session_id"]), text_of(document["serial_number"]))
