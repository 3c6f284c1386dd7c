"""A load generator for HTTP/1.1 on kept-alive connections, small enough to leave the server room.

Each connection follows a script: a generator that yields labelled requests and is
sent the answers.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import time
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

HOST = "127.0.0.1"
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """A request in bytes; answers are counted under its label."""

    label: str
    text: bytes
    expected: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes

    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


Script = Generator[Request, Answer, None]


def request(
    label: str,
    method: str,
    path: str,
    *,
    body: Any = None,
    token: str = "",
    pair: str = "",
    expected: tuple[int, ...] = (200,),
) -> Request:
    """A request with a JSON body, and a bearer token or a pair ``name:password`` if it has one."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", f"Content-Length: {len(content)}"]
    lines += ["Content-Type: application/json"] if content else []
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += [f"Authorization: Basic {b64encode(pair.encode()).decode()}"] if pair else []
    return Request(label, "\r\n".join([*lines, "", ""]).encode() + content, expected)


@dataclass(slots=True)
class Measured:
    """What a run did: seconds each answer took, by label, answers that were not expected, and the
    seconds of processor time that it took whom, if that was counted."""

    seconds: float = 0.0
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    unexpected: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    processor: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, other: Measured) -> None:
        """Count a further run with this one."""
        self.seconds += other.seconds
        for label, taken in other.taken.items():
            self.taken[label] += taken
        for what, number in other.unexpected.items():
            self.unexpected[what] += number
        for group, seconds in other.processor.items():
            self.processor[group] += seconds

    def per_second(self, label: str) -> float:
        """Answers each second."""
        return len(self.taken[label]) / self.seconds

    @property
    def answers(self) -> int:
        """How many answers there were of any kind."""
        return sum(map(len, self.taken.values()))

    def percentile(self, label: str, percent: float) -> float:
        """Milliseconds within which so many per cent of the answers came."""
        taken = sorted(self.taken[label])
        if not taken:
            return math.nan
        return taken[min(int(len(taken) * percent / 100), len(taken) - 1)] * 1000


class Connection(asyncio.Protocol):
    """One connection that follows its script until time is up."""

    def __init__(self, script: Script, measured: Measured, ended: asyncio.Future[None]) -> None:
        self.script, self.measured, self.ended = script, measured, ended
        self.received = bytearray()
        self.is_stopping = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.send(next(self.script))

    def send(self, request: Request) -> None:
        """Send one request; its answer is awaited before the next."""
        self.request, self.sent_at = request, time.perf_counter()
        self.transport.write(request.text)

    def data_received(self, data: bytes) -> None:
        self.received += data
        answer = read_answer(self.received)
        if answer is None:
            return
        self.received.clear()
        self.note(answer)
        if self.is_stopping:
            self.transport.close()
            return
        self.send(self.script.send(answer))

    def note(self, answer: Answer) -> None:
        """Count an answer."""
        self.measured.taken[self.request.label].append(time.perf_counter() - self.sent_at)
        if answer.status not in self.request.expected:
            self.measured.unexpected[f"{self.request.label}: {answer.status}"] += 1

    def connection_lost(self, error: Exception | None) -> None:
        if not self.is_stopping:
            self.measured.unexpected["connection lost"] += 1
        if not self.ended.done():
            self.ended.set_result(None)


def read_answer(received: bytearray) -> Answer | None:
    """The answer, once all of it is there."""
    head = received.find(b"\r\n\r\n")
    if head < 0:
        return None
    length = CONTENT_LENGTH.search(received, 0, head)
    end = head + 4 + (int(length[1]) if length else 0)
    if len(received) < end:
        return None
    return Answer(int(received[9:12]), bytes(received[head + 4 : end]))


def run(port: int, scripts: list[Script], *, seconds: float) -> Measured:
    """Follow the scripts, one connection each, for so long."""
    return asyncio.run(follow(port, scripts, seconds))


async def follow(port: int, scripts: list[Script], seconds: float) -> Measured:
    """``run`` inside an event loop."""
    loop, measured = asyncio.get_running_loop(), Measured()
    connections = []
    for script in scripts:
        ended: asyncio.Future[None] = loop.create_future()
        make: Callable[[], Connection] = lambda s=script, e=ended: Connection(s, measured, e)  # type: ignore[misc] # noqa: E731
        _, connection = await loop.create_connection(make, HOST, port)
        connections.append(connection)
    started = time.perf_counter()
    await asyncio.sleep(seconds)
    measured.seconds = time.perf_counter() - started
    for connection in connections:
        connection.is_stopping = True
    await asyncio.wait([connection.ended for connection in connections], timeout=10)
    return measured
