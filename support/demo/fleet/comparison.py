"""Comparison: each outcome of a fleet as its clients count it and as the server does."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from licensing.models.devices import Unbinding
from licensing.models.sessions import EndReason
from support.demo.fleet.ledger import LEFT, Ledger
from support.demo.fleet.records import Records
from support.demo.fleet.report import table

OPEN_OR_GONE = "open, or seat reclaimed or replaced"


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One outcome; for requests that were cut off the two counts may differ by ``doubt``."""

    outcome: str
    by_clients: int
    by_server: int
    doubt: int = 0

    @property
    def agrees(self) -> bool:
        """Whether both sides tell the same."""
        return abs(self.by_clients - self.by_server) <= self.doubt


def lines(ledger: Ledger, records: Records) -> list[Line]:
    """Every outcome that either side knows of."""
    unheard = ledger.unheard_of_sessions
    doubtful = ledger.doubtful_sessions + unheard
    ended = ledger.ended()
    return [
        Line("session: opened", ledger.opened, records.opened, unheard),
        *pairs(
            "session: ",
            {EndReason(reason).label.lower(): n for reason, n in ended.items() if reason != LEFT},
            {EndReason(r).label.lower(): n for r, n in records.ended.items() if r != LEFT},
            doubtful,
        ),
        Line(f"session: {OPEN_OR_GONE}", ended[LEFT], records.ended[LEFT], doubtful),
        *pairs("denied: ", ledger.refused, records.denied, ledger.cut_off_check_outs),
        *pairs(
            "device: ",
            {Unbinding.MOVED.value: ledger.moves},
            records.unbound,
            ledger.cut_off_moves,
        ),
        *pairs("administrators: ", ledger.deeds, records.deeds, 0),
    ]


def pairs(
    title: str, by_clients: Mapping[str, int], by_server: Mapping[str, int], doubt: int
) -> Iterator[Line]:
    """A line for each name that either side has counted."""
    for name in sorted(by_clients.keys() | by_server.keys()):
        told = name.replace("_", " ") if title == "administrators: " else name
        yield Line(f"{title}{told}", by_clients.get(name, 0), by_server.get(name, 0), doubt)


def complaints(compared: Sequence[Line]) -> list[str]:
    """A sentence for each outcome on which the two sides do not agree."""
    return [
        f"The clients and the server disagree on “{line.outcome}”: {line.by_clients:,} by the "
        f"clients, {line.by_server:,} by the server; cut-off requests explain {line.doubt:,}."
        for line in compared
        if not line.agrees
    ]


def as_table(compared: Sequence[Line]) -> str:
    """The outcomes side by side."""
    return table(
        ("Outcome", "by clients", "by server", "cut off, at most"),
        [
            (line.outcome, f"{line.by_clients:,}", f"{line.by_server:,}", f"{line.doubt:,}")
            for line in compared
        ],
    )
