"""Bodies of requests: how many bytes they may have, and how long they may take to arrive.

Nothing here takes a thread, so that bodies which never come hold up nobody else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined] # not in its __all__

from licensing.api import parsers, paths, problems
from licensing.errors import LicensingError, ServiceUnavailable

SECONDS = 10
"""For the first bytes; each further SLOWEST bytes have a second more."""
SLOWEST = 32 * 1024
MOST_BYTES = 2_621_440
"""What Django takes into memory, and more than any page's form or file has."""
SHORT = 64 * 1024
MOST_LONG_BODIES = 20
"""Of more than SHORT bytes, at one time in one worker: they are kept in memory."""


class Refused(Exception):
    """A body that will not be read, and what its sender is told."""

    def __init__(self, told: LicensingError) -> None:
        super().__init__(told)
        self.told = told

    @property
    def status(self) -> int:
        """The status of the answer."""
        return problems.STATUS[type(self.told)]


class Reader:
    """Reads the bodies that arrive at one worker."""

    def __init__(self) -> None:
        self.long_bodies = 0

    async def read(self, proto: Any, path: str, headers: Mapping[str, str]) -> bytes:
        """The body, whole. Raise Refused when it is too long, too slow, broken off or one too many.

        To the API it may have any length, of which one byte more than it takes is read: it
        says itself what is wrong.
        """
        length = int(headers["content-length"]) if "content-length" in headers else None
        if not length and "transfer-encoding" not in headers:
            return b""
        most = parsers.MOST_BYTES if paths.is_api(path) else None
        if most is None and (length or 0) > MOST_BYTES:
            raise too_long()
        if most is None and length is None:  # no browser sends chunks, and their end cannot be seen
            raise Refused(problems.LengthRequired())
        try:
            if length is not None and length <= (most or SHORT):
                async with asyncio.timeout(SECONDS):
                    body = await proto()
            elif most is not None:
                body = await read_chunks(proto, most)
            else:
                body = await self.read_long(proto)
        except TimeoutError:
            raise Refused(problems.RequestTooSlow()) from None
        except ProtocolClosed:
            raise broken_off() from None
        if length is not None and len(body) < min(length, (most or length) + 1):
            raise broken_off()
        return body

    async def read_long(self, proto: Any) -> bytes:
        """A long body, unless enough of them are under way."""
        if self.long_bodies >= MOST_LONG_BODIES:
            raise Refused(ServiceUnavailable(gettext_lazy("Too much is sent at once. Try again.")))
        self.long_bodies += 1
        try:
            return await read_chunks(proto, MOST_BYTES)
        finally:
            self.long_bodies -= 1


def is_cut_off(body: bytes, path: str) -> bool:
    """Whether it was longer than the API takes, so that its rest will not be read."""
    return len(body) > parsers.MOST_BYTES and paths.is_api(path)


async def read_chunks(proto: Any, most: int) -> bytes:
    """A body in the pieces that it comes in, cut off behind ``most`` bytes and one.

    The more has come, the more time it has.
    """
    body = bytearray()
    began = asyncio.get_running_loop().time()
    async with asyncio.timeout_at(began + SECONDS) as deadline:
        async for chunk in proto:
            body += chunk
            if len(body) > most:
                return bytes(body[: most + 1])
            deadline.reschedule(began + SECONDS + len(body) / SLOWEST)
    return bytes(body)


def broken_off() -> Refused:
    """The refusal of a body that is not whole. Hardly anybody is there to read it."""
    return Refused(parsers.whole_is_invalid("The request broke off."))


def too_long() -> Refused:
    """The refusal of a body that no page takes."""
    return Refused(problems.RequestTooLarge())
