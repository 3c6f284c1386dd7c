"""Asking addresses that customers typed in, without being led into internal networks."""

from __future__ import annotations

import functools
import ipaddress
import re
import socket
import time
from urllib.parse import urlsplit

import dns.exception
import dns.resolver
import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError

TIMEOUT = 5
"""Seconds, to connect and between bytes."""
LONGEST = 20
"""Seconds for the whole of an answer."""
LARGEST = 1_000_000
"""Bytes of an answer, unpacked; AD FS, the most talkative, writes about a tenth of it."""


class PublicConnection(HTTPSConnection):
    """Connects to public addresses only, judged by where it really got to."""

    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        peer = str(connected.getpeername()[0]).partition("%")[0]
        if ipaddress.ip_address(peer).is_global:
            return connected
        connected.close()
        raise NewConnectionError(self, "not a public address")


class PublicPool(HTTPSConnectionPool):
    """Connections to public addresses."""

    ConnectionCls = PublicConnection


class PublicAdapter(HTTPAdapter):
    """Sends requests by HTTPS to public addresses."""

    def init_poolmanager(self, *args: object, **kwargs: object) -> None:
        super().init_poolmanager(*args, **kwargs)  # type: ignore[arg-type,no-untyped-call]
        self.poolmanager.pool_classes_by_scheme = {"https": PublicPool}


def session() -> requests.Session:
    """A session that gives up soon and follows no redirect.

    Unless a setting for demonstrations allows it, it refuses plain HTTP and internal addresses.
    """
    made = requests.Session()
    made.trust_env = False
    made.max_redirects = 0
    if not settings.SSO_ALLOWS_INTERNAL_PROVIDERS:
        made.adapters.clear()
        made.mount("https://", PublicAdapter())
    made.request = functools.partial(made.request, timeout=TIMEOUT)  # type: ignore[method-assign]
    return made


def read(address: str) -> bytes:
    """What stands at an address. Raise OSError when it cannot be had, is too long or too slow."""
    until, found = time.monotonic() + LONGEST, b""
    try:
        with session() as asking, asking.get(address, stream=True) as answer:
            answer.raise_for_status()
            while part := answer.raw.read1(LARGEST, decode_content=True):
                found += part
                if len(found) > LARGEST or time.monotonic() > until:
                    raise OSError("too long, or too slow")
    except HTTPError as error:
        raise OSError("broken off, or packed badly") from error
    return found


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
    """What the TXT records of a name in the DNS say; nothing if they cannot be had."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=TIMEOUT)
    except dns.exception.DNSException:
        return set()
    return {b"".join(record.strings).decode(errors="replace") for record in answer}
