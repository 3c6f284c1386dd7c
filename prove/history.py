"""What is written down during a run, as JSON lines, without secrets.

All times are seconds since 1970. Clients, administrators and the database run on one
machine, so that their clocks are one.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Literal, Self

import msgspec

ROLLING = "web servers restarted in turn"
REPLACED = "web workers replaced"
UNNOTICED = (ROLLING, REPLACED)
"""The faults that nobody may notice."""
REFUSED = (403, 409, 429)
"""The statuses of a refused check-out."""


class Pool(msgspec.Struct, frozen=True, tag=True):
    """A licence as it was issued."""

    licence: int
    account: str
    serial_number: str
    usage_model: str
    seats: int
    reclaim_after: float | None
    limited: dict[str, int] = {}


class Request(msgspec.Struct, frozen=True, tag=True):
    """A client's request, and its answer unless that was cut off.

    ``session`` is the one it was about, ``granted`` the one that the answer names. ``own``
    is the id that the client made for its session. A close may tell when it really was
    (``ended_at``), and may be proven by the licence's key, whether or not there is such a
    session. ``cut`` says that the client itself broke the connection.
    """

    client: int
    verb: Literal["check_out", "refresh", "close", "move"]
    licence: int
    machine: str
    username: str
    session: str | None
    sent: float
    received: float | None = None
    status: int | None = None
    code: str = ""
    granted: str | None = None
    server_time: float | None = None
    own: str | None = None
    ended_at: float | None = None
    by_key: bool = False
    cut: bool = False

    @property
    def who(self) -> tuple[int, str, str]:
        """Of whom one session may be open at a time."""
        return (self.licence, self.machine, self.username)

    @property
    def is_settled(self) -> bool:
        """Whether the client knows what became of it."""
        return self.status is not None and self.status < 500

    @property
    def is_grant(self) -> bool:
        """Whether the client was promised a seat."""
        return self.status in (200, 201) and self.granted is not None


class Act(msgspec.Struct, frozen=True, tag=True):
    """What an administrator did, under a number that its reason in the audit record carries.

    ``changes`` is how many things the answer names as changed: a block that was interrupted
    may stand after all, and is then lifted together with the one that was made in its place.
    """

    number: int
    verb: Literal["release", "set_seats", "reissue", "revoke", "block", "unblock"]
    licence: int
    sent: float
    received: float
    outcome: Literal["done", "refused", "unknown"]
    session: str | None = None
    machine: str | None = None
    seats: int | None = None
    ends_sessions: bool = False
    changes: int = 1

    @property
    def reason(self) -> str:
        """As the audit record has it."""
        return reason(self.number)


class Fault(msgspec.Struct, frozen=True, tag=True):
    """What was broken on purpose, and until when, if it was for long."""

    what: str
    at: float
    until: float | None = None


class Sample(msgspec.Struct, frozen=True, tag=True):
    """One licence at one committed moment, as another connection saw it.

    ``astray``: seats whose session has ended or is another licence's; ``active``: sessions
    that have not ended.
    """

    at: float
    licence: int
    seats: int
    rows: int
    held: int
    draining: int
    astray: int
    active: int


Record = Pool | Request | Act | Fault | Sample
DECODER = msgspec.json.Decoder(Record)
ENCODER = msgspec.json.Encoder()


def reason(number: int) -> str:
    """The reason that an administrator gives for the act with this number."""
    return f"prove {number}"


class Writer:
    """A file of records; each is on its way to the file when ``write`` returns."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Self:
        self.file: IO[bytes] = self.path.open("ab")
        return self

    def __exit__(self, *exception: object) -> None:
        self.file.close()

    def write(self, record: Record) -> None:
        """Add a record."""
        self.file.write(ENCODER.encode(record) + b"\n")


def read(paths: Iterable[Path]) -> Iterator[Record]:
    """Every record of these files."""
    for path in paths:
        with path.open("rb") as lines:
            yield from map(DECODER.decode, lines)


class History:
    """The records of a run, by kind, in the order of time."""

    def __init__(self, records: Iterable[Record]) -> None:
        every = list(records)
        self.pools = {record.licence: record for record in every if isinstance(record, Pool)}
        self.requests = sorted(
            (record for record in every if isinstance(record, Request)), key=lambda r: r.sent
        )
        self.acts = sorted(
            (record for record in every if isinstance(record, Act)), key=lambda a: a.sent
        )
        self.heard: dict[str, list[Request]] = defaultdict(list)
        self.by_client: dict[tuple[int, str, str], list[Request]] = defaultdict(list)
        for request in self.requests:
            self.by_client[request.who].append(request)
            if request.is_grant and request.granted:
                self.heard[request.granted].append(request)
        self.asked = {verb: self.sessions_of(verb) for verb in ("close", "move")}
        self.faults = sorted(
            (record for record in every if isinstance(record, Fault)), key=lambda f: f.at
        )
        self.samples = sorted(
            (record for record in every if isinstance(record, Sample)), key=lambda s: s.at
        )

    def sessions_of(self, verb: str) -> set[str]:
        """The sessions that requests of this kind may have ended."""
        asked = (request for request in self.requests if request.verb == verb)
        return {
            request.session
            for request in asked
            if request.session and not self.is_too_late(request)
        }

    def is_too_late(self, close: Request) -> bool:
        """Whether a close tells of a time before an answer that its client had heard."""
        assert close.session
        return close.ended_at is not None and any(
            is_after(grant, close.ended_at) and has_come(grant, close.sent)
            for grant in self.heard[close.session]
        )

    def is_heard_of_since(self, close: Request) -> bool:
        """Whether anybody may have kept the session open after the time of which a close tells."""
        ended_at, received = close.ended_at, close.received
        assert received is not None
        return ended_at is not None and any(
            request.sent <= received and (not request.is_settled or is_after(request, ended_at))
            for request in self.by_client[close.who]
            if request.verb in ("check_out", "refresh")
        )


def is_after(grant: Request, moment: float) -> bool:
    """Whether an answer is of a later second than this moment, as closes are compared."""
    return grant.server_time is not None and math.floor(grant.server_time) > moment


def has_come(grant: Request, moment: float) -> bool:
    """Whether an answer had arrived by then."""
    return grant.received is not None and grant.received <= moment
