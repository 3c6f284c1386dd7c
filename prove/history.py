"""What is written down during a run, as JSON lines, without secrets.

All times are seconds since 1970. Clients, administrators and the database run on one
machine, so that their clocks are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Literal, Self

import msgspec

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

    ``session`` is the one it was about, ``granted`` the one that the answer names.
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
    """What was broken on purpose."""

    what: str
    at: float


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
        self.asked = {verb: self.sessions_of(verb) for verb in ("close", "move")}
        self.faults = [record for record in every if isinstance(record, Fault)]
        self.samples = sorted(
            (record for record in every if isinstance(record, Sample)), key=lambda s: s.at
        )

    def sessions_of(self, verb: str) -> set[str]:
        """The sessions that requests of this kind were about."""
        named = (request.session for request in self.requests if request.verb == verb)
        return {session for session in named if session}
