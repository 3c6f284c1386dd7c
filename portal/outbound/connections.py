"""Connections to public addresses: a name is looked up once, and asked where it was judged."""

from __future__ import annotations

import functools
import ipaddress
import queue
import socket
import ssl
import threading
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3.exceptions
from django.conf import settings
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.ssl_ import create_urllib3_context

from portal.outbound import turns
from portal.outbound.unanswered import Cause, Unanswered

TO_CONNECT = 3
"""Seconds for each of a name's addresses."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def connected(host: str, port: int) -> socket.socket:
    """A connection that ends with the turn. Raise Unanswered unless a public address takes it."""
    mine, cause = turns.current(), Cause.NO_PUBLIC_ADDRESS
    for address in allowed_addresses_of(host, port, mine.left()):
        try:
            found = socket.create_connection((address, port), min(TO_CONNECT, mine.left()))
        except OSError as error:
            cause = Cause.TOO_SLOW if isinstance(error, TimeoutError) else Cause.REFUSED
            continue
        found.settimeout(mine.left())
        mine.watch(found)
        return found
    raise Unanswered(cause)


def allowed_addresses_of(host: str, port: int, seconds: float) -> list[str]:
    """Those of a name's addresses that may be asked."""
    if is_demo_receiver(host, port):
        return [host]
    found = addresses_of(host, seconds)
    if settings.SSO_ALLOWS_INTERNAL_PROVIDERS:
        return found
    return [address for address in found if is_public(address)]


def is_demo_receiver(host: str | None, port: int | None) -> bool:
    """Whether that is what takes the demo's messages on this machine; never outside the demo."""
    if not settings.DEMO_RECEIVER:
        return False
    parts = urlsplit(settings.DEMO_RECEIVER)
    return (host, port) == (parts.hostname, parts.port)


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


@functools.cache
def trust() -> ssl.SSLContext:
    """TLS that trusts the usual authorities. To read these takes ten times as long as a request."""
    context = create_urllib3_context()
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return context


class Adapter(HTTPAdapter):
    """Sends requests by the connections of a turn."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=trust(), **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"https": TlsPool, "http": PlainPool}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Require a certificate, by the authorities that are read already."""
        super().cert_verify(conn, url, verify, cert)
        conn.ca_certs = None


class Door(requests.Session):
    """What asks by the connections of a turn, is told no way by the environment, and follows none.

    Unless settings for demonstrations allow it, plain HTTP and internal addresses are refused.
    """

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.adapters.clear()
        self.mount("https://", Adapter())
        if settings.SSO_ALLOWS_INTERNAL_PROVIDERS:
            self.mount("http://", Adapter())
        if settings.DEMO_RECEIVER:
            self.mount(f"{settings.DEMO_RECEIVER}/", Adapter())

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: requests would read the whole of what leads there."""
        return


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
