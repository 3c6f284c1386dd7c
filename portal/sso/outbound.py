"""The one door to what is outside: addresses that customers typed in, and the DNS.

Who stands at the other end may be silent, slow, without end, or lead into our network. So
everything goes by turns, of which a process has one: while a request waits for an answer
the others of the process serve everybody else. A turn has a limit of time, in which all that
is asked during it has to be answered whole.
"""

from __future__ import annotations

import contextlib
import ipaddress
import math
import queue
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

import dns.exception
import dns.resolver
import requests
import urllib3.exceptions
from django.conf import settings
from django.core.cache import cache
from requests import HTTPError
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from portal.sso.unanswered import Busy, Cause, Resting, Unanswered

__all__ = ["HTTPError", "Session", "is_allowed", "origin_of", "read", "texts_of", "turn"]

AT_ONCE = 1
"""Turns that a process has; it has more threads (``WEB_THREADS``)."""
LONGEST = 8
"""Seconds of a turn."""
TO_CONNECT = 3
"""Seconds for each of a name's addresses."""
UNHURRIED = 2
"""Seconds of a turn after which it counts as slow."""
LARGEST = 1_000_000
"""Bytes of an answer, unpacked; AD FS, the most talkative, writes about a tenth of it."""
AT_A_TIME = 65_536
"""Bytes that are unpacked before they are counted."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")

_free_turns = threading.BoundedSemaphore(AT_ONCE)
_turn: ContextVar[Turn | None] = ContextVar("turn", default=None)


class Turn:
    """Somebody's time to ask outside."""

    def __init__(self) -> None:
        self.began_at = time.monotonic()
        self.watches: list[tuple[threading.Timer, socket.socket]] = []

    def taken(self) -> float:
        """The seconds since it began."""
        return time.monotonic() - self.began_at

    def left(self) -> float:
        """The seconds until its end. Raise Unanswered when it is over."""
        if (left := LONGEST - self.taken()) <= 0:
            raise Unanswered(Cause.TOO_SLOW)
        return left

    def watch(self, connection: socket.socket) -> None:
        """Cut the connection off at the end: else each byte would begin its time anew."""
        twin = connection.dup()  # the connection itself will be hidden in that of TLS
        timer = threading.Timer(self.left(), cut_off, [twin])
        timer.daemon = True
        timer.start()
        self.watches.append((timer, twin))

    def end(self) -> None:
        """Watch no longer."""
        for timer, twin in self.watches:
            timer.cancel()
            timer.join()
            twin.close()


def cut_off(connection: socket.socket) -> None:
    """End a connection, by whichever thread it is being read."""
    with contextlib.suppress(OSError):  # it has ended already
        connection.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def turn(account_id: int | None = None) -> Iterator[Turn]:
    """The turn to ask outside, for an account's provider if one is named; raise Busy.

    A slow provider rests for as long as it took, in all processes, so that it leaves turns to
    others. Within a turn this is the same turn.
    """
    if current := _turn.get():
        yield current
        return
    rest = f"outbound:rest:{account_id}"
    if account_id and (ends_at := cache.get(rest)):
        raise Resting(max(1, math.ceil(ends_at - time.time())))
    if not _free_turns.acquire(blocking=False):
        raise Busy
    mine = Turn()
    before = _turn.set(mine)
    try:
        yield mine
    finally:
        _turn.reset(before)
        mine.end()
        _free_turns.release()
        if account_id and mine.taken() > UNHURRIED:
            cache.set(rest, time.time() + mine.taken(), timeout=math.ceil(mine.taken()))


def connected(host: str, port: int) -> socket.socket:
    """A connection that ends with the turn. Raise Unanswered unless a public address takes it."""
    mine, cause = _turn.get(), Cause.NO_PUBLIC_ADDRESS
    assert mine is not None
    for address in addresses_of(host, mine.left()):
        if not (is_public(address) or settings.SSO_ALLOWS_INTERNAL_PROVIDERS):
            continue
        try:
            found = socket.create_connection((address, port), min(TO_CONNECT, mine.left()))
        except OSError as error:
            cause = Cause.TOO_SLOW if isinstance(error, TimeoutError) else Cause.REFUSED
            continue
        found.settimeout(mine.left())
        mine.watch(found)
        return found
    raise Unanswered(cause)


def addresses_of(host: str, seconds: float) -> list[str]:
    """What the system knows of a name; asking it has no limit of its own, so a thread does."""
    answers: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(looked_up(host)), daemon=True).start()
    try:
        return answers.get(timeout=seconds)
    except queue.Empty:
        raise Unanswered(Cause.TOO_SLOW) from None


def looked_up(host: str) -> list[str]:
    """The addresses of a name; none if it has none."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(address[0]) for *_rest, address in found))


def is_public(address: str) -> bool:
    """Whether an address is in nobody's own network, also by way of another kind of address."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        within = found.ipv4_mapped or found.sixtofour
        if found in NAT64:
            within = ipaddress.IPv4Address(found.packed[-4:])
        found = within or found
    return found.is_global and not found.is_multicast


class TlsConnection(HTTPSConnection):
    """A connection of a turn."""

    def _new_conn(self) -> socket.socket:
        return connected(self.host, self.port)


class PlainConnection(HTTPConnection):
    """The same without TLS, for demonstrations."""

    def _new_conn(self) -> socket.socket:
        return connected(self.host, self.port)


class TlsPool(HTTPSConnectionPool):
    """Connections of a turn."""

    ConnectionCls = TlsConnection


class PlainPool(HTTPConnectionPool):
    """The same without TLS."""

    ConnectionCls = PlainConnection


class Adapter(HTTPAdapter):
    """Sends requests by the connections of a turn."""

    def init_poolmanager(self, *args: object, **kwargs: object) -> None:
        super().init_poolmanager(*args, **kwargs)  # type: ignore[arg-type]
        self.poolmanager.pool_classes_by_scheme = {"https": TlsPool, "http": PlainPool}


class Session(requests.Session):
    """Asks in a turn, and has answers whole; raises Unanswered, Busy.

    Unless a setting for demonstrations allows it, plain HTTP and internal addresses are refused.
    """

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.adapters.clear()
        self.mount("https://", Adapter())
        if settings.SSO_ALLOWS_INTERNAL_PROVIDERS:
            self.mount("http://", Adapter())

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: requests would read the whole of what leads there."""
        return

    def request(self, method: str, url: str, **how: Any) -> requests.Response:  # type: ignore[override]
        """The answer, read to its end."""
        with turn() as mine:
            how |= {"stream": True, "timeout": mine.left()}
            try:
                return whole(super().request(method, url, **how), mine)
            except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
                mine.left()
                raise Unanswered(cause_of(error)) from None


def whole(answer: requests.Response, mine: Turn) -> requests.Response:
    """The answer with what it says. Raise Unanswered if it is too large, or leads elsewhere."""
    found = bytearray()
    with answer:
        if 300 <= answer.status_code < 400:
            raise Unanswered(Cause.REDIRECTED)
        while part := answer.raw.read1(AT_A_TIME, decode_content=True):
            found += part
            mine.left()
            if len(found) > LARGEST:
                raise Unanswered(Cause.TOO_LARGE)
    mine.left()
    answer._content = bytes(found)
    answer.encoding = answer.encoding or "utf-8-sig"  # guessing takes long
    return answer


def cause_of(error: Exception) -> Cause:
    """What went wrong, from what requests and urllib3 say of it."""
    if isinstance(error, requests.exceptions.InvalidSchema | requests.exceptions.MissingSchema):
        return Cause.NOT_HTTPS
    if isinstance(error, requests.exceptions.InvalidURL):
        return Cause.NO_PUBLIC_ADDRESS
    if isinstance(error, requests.exceptions.SSLError | urllib3.exceptions.SSLError):
        return Cause.NO_TRUST
    is_timeout = isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError)
    return Cause.TOO_SLOW if is_timeout else Cause.BROKEN_OFF


def read(address: str) -> bytes:
    """What stands at an address. Raise Unanswered, Busy."""
    with Session() as asking:
        answer = asking.get(address)
    if answer.status_code in (404, 410):
        raise Unanswered(Cause.NOT_FOUND)
    if not answer.ok:
        raise Unanswered(Cause.FAILED)
    return answer.content


def is_allowed(address: str) -> bool:
    """Whether browsers may be sent there: a plain address that a page's policy can name."""
    schemes = ("https", "http") if settings.SSO_ALLOWS_INTERNAL_PROVIDERS else ("https",)
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(re.fullmatch(r"[A-Za-z0-9.:-]{1,260}", parts.netloc))


def origin_of(address: str) -> str:
    """The part of an address that a page's security policy names."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def texts_of(name: str) -> set[str]:
    """What the TXT records of a name in the DNS say. Raise Unanswered, Busy if it is silent."""
    with turn() as mine:
        try:
            answer = dns.resolver.resolve(name, "TXT", lifetime=mine.left())
        except (dns.resolver.LifetimeTimeout, dns.resolver.NoNameservers):
            raise Unanswered(Cause.SILENT_DNS) from None
        except dns.exception.DNSException:
            return set()
    return {b"".join(record.strings).decode(errors="replace") for record in answer}
