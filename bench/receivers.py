"""Receivers of webhooks, a process of their own: /ok takes what is posted, /hangs never answers."""

from __future__ import annotations

import asyncio
import sys

TAKEN = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read one message, and answer it unless its address hangs."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    [length] = [line for line in head.splitlines() if line.lower().startswith("content-length:")]
    await reader.readexactly(int(length.partition(":")[2]))
    if " /hangs" in head:
        await reader.read()  # until whoever asks hangs up
    writer.write(TAKEN)
    await writer.drain()
    writer.close()


async def main(port: int) -> None:
    """Take messages until the process is ended."""
    server = await asyncio.start_server(take, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
