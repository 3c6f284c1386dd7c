"""One client's connection, which may be cut at any moment of an exchange."""

from __future__ import annotations

import asyncio
import contextlib

from bench.load import HOST, Answer, read_answer

PATIENCE = 20.0  # seconds until an answer is given up


class Line:
    """A kept-alive connection that is made anew when it was lost."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, text: bytes, *, cut_after: int | None = None) -> Answer | None:
        """The answer; None when the line broke, or was cut after so many bytes of the answer, or
        the proxy says that it had none.

        Cut after 0 bytes, the request is sent whole and nothing is listened to.
        """
        received = bytearray()
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await self.connected()
                writer.write(text)
                await writer.drain()
                while cut_after is None or len(received) < cut_after:
                    data = await reader.read(65536 if cut_after is None else cut_after)
                    if not data:
                        break
                    received += data
                    if cut_after is None and (answer := read_answer(received)):
                        if b"\r\nconnection: close\r\n" in received.lower():
                            self.cut()  # nothing is read there any more
                        return None if is_of_proxy(answer) else answer
        except (OSError, TimeoutError):
            pass
        self.cut()
        return None

    async def connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The connection, made if there is none."""
        if self.streams is None:
            self.streams = await asyncio.open_connection(HOST, self.port)
        return self.streams

    def cut(self) -> None:
        """End the connection at once."""
        if self.streams:
            with contextlib.suppress(OSError):
                self.streams[1].transport.abort()
        self.streams = None


def is_of_proxy(answer: Answer) -> bool:
    """Whether a proxy says itself that no web server answered: the product says it in JSON."""
    return answer.status in (502, 503, 504) and not answer.body.startswith(b"{")
