"""Networks: the way from one computer to the product, which can be lost in several ways."""

from __future__ import annotations

import asyncio
import contextlib
import enum
import re
from urllib.parse import urlsplit


class Mood(enum.StrEnum):
    """What becomes of a request."""

    WORKING = "working"
    REFUSED = "refused"
    SILENT = "silent"
    ONE_WAY = "one way"


LOST = (Mood.REFUSED, Mood.SILENT, Mood.ONE_WAY)


class Network:
    """An address of this machine behind which the product is, as long as the mood is good.

    Requests of programs that are real processes go through it, one for each connection.
    """

    def __init__(self, url: str) -> None:
        self.product = urlsplit(url)
        self.mood = Mood.WORKING
        self.server: asyncio.Server | None = None
        self.carrying: set[asyncio.Task[None]] = set()

    async def begin(self) -> str:
        """The address at which the product is from now on."""
        self.server = await asyncio.start_server(self.take, "127.0.0.1", 0)
        return "http://127.0.0.1:{1}".format(*self.server.sockets[0].getsockname())

    def end(self) -> None:
        """Be gone."""
        if self.server:
            self.server.close()
        for task in self.carrying:
            task.cancel()

    def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry a request, also when the program that sent it has gone."""
        task = asyncio.create_task(self.carry(reader, writer))
        self.carrying.add(task)
        task.add_done_callback(self.carrying.discard)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one request and its answer, as far as the mood lets them."""
        mood = self.mood
        with contextlib.closing(writer), contextlib.suppress(OSError, asyncio.IncompleteReadError):
            if mood is Mood.SILENT:
                await reader.read(-1)  # until the program has lost its patience
            elif mood is not Mood.REFUSED:
                answer = await self.answer(await request_in(reader, self.product.netloc))
                writer.write(answer if mood is Mood.WORKING else b"")
                await writer.drain()

    async def answer(self, request: bytes) -> bytes:
        """What the product says."""
        is_secure = self.product.scheme == "https"
        port = self.product.port or (443 if is_secure else 80)
        reader, writer = await asyncio.open_connection(
            self.product.hostname, port, ssl=is_secure or None
        )
        with contextlib.closing(writer):
            writer.write(request)
            return await reader.read(-1)


async def request_in(reader: asyncio.StreamReader, host: str) -> bytes:
    """The request of a connection, as one that is sent to that host alone."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    body = await reader.readexactly(int(length[1])) if length else b""
    head = re.sub(rb"(?i)\r\nhost:[^\r]*", b"\r\nHost: " + host.encode(), head)
    return head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + body
