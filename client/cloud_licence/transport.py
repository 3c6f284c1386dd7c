"""The transport: HTTP to the licensing service, through proxies, with the system's certificates.

The standard library's client: it loads in a fifth of the time that the larger ones take.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, quote, unquote, urlencode, urlsplit

from cloud_licence import answers
from cloud_licence.answers import Answer, NoAnswer, Session

if TYPE_CHECKING:
    import ssl

LARGEST_BODY = 256 * 1024
DIRECT = "direct"


class NoService(Exception):
    """The address of the service, or of the proxy, is no address of HTTP."""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back."""

    status: int
    content_type: str
    retry_after: str
    date: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The licensing service: its address, the proxy's, and how long to wait in seconds."""

    url: str
    proxy: str = ""
    timeout: float = 10.0

    def check_out(self, document: dict[str, Any]) -> Answer:
        """Ask for a seat."""
        return self.ask("POST", "/api/v1/sessions", document=document)

    def refresh(self, session: Session, *, version: str) -> Answer:
        """Say that the program is still open."""
        path = f"/api/v1/sessions/{quote(session.id, safe='')}/refresh"
        return self.ask("POST", path, session=session, document={"version": version})

    def close(self, session: Session, *, ended_at: float | None = None) -> Answer:
        """Give the seat back; ``ended_at`` for a program that was closed some time ago."""
        query = f"?{urlencode({'ended_at': rfc3339(ended_at)})}" if ended_at else ""
        path = f"/api/v1/sessions/{quote(session.id, safe='')}{query}"
        return self.ask("DELETE", path, session=session)

    def move(self, session: Session) -> Answer:
        """End the session and unbind this device."""
        path = f"/api/v1/sessions/{quote(session.id, safe='')}/device"
        return self.ask("DELETE", path, session=session)

    def keys(self) -> list[dict[str, Any]]:
        """The public keys that verify leases; none if they cannot be had just now."""
        response = self.send("GET", "/.well-known/jwks.json")
        if isinstance(response, NoAnswer) or response.status != http.client.OK:
            return []
        found = answers.document_of(response.body).get("keys", [])
        return [key for key in found if isinstance(key, dict)] if isinstance(found, list) else []

    def ask(
        self,
        method: str,
        path: str,
        *,
        session: Session | None = None,
        document: dict[str, Any] | None = None,
    ) -> Answer:
        """What the service answers."""
        headers = {"Authorization": f"Bearer {session.token}"} if session else {}
        body = b""
        if document is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(document).encode()
        response = self.send(method, path, headers=headers, body=body)
        if isinstance(response, NoAnswer):
            return response
        return answers.understood(
            response.status, response.content_type, response.retry_after, response.body
        )

    def send(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> Response | NoAnswer:
        """The response to one request, or why there is none."""
        until = time.monotonic() + self.timeout
        try:
            address = address_of(self.url)
            proxy = proxy_for(address, self.proxy)
        except NoService:
            return NoAnswer(answers.NO_SERVICE)
        is_relayed = proxy is not None and address.scheme == "http"  # wants the whole address
        prefix = f"http://{address.netloc}" if is_relayed else ""
        headers = {
            "Accept": "application/json",
            "User-Agent": "cloud-licence/1",
            **(credentials(proxy) if proxy and is_relayed else {}),
            **(headers or {}),
        }
        target = f"{prefix}{address.path.rstrip('/')}{path}"
        try:
            with contextlib.closing(connect(address, proxy, self.timeout)) as connection:
                connection.request(method, target, body or None, headers)
                return received(connection.getresponse(), until)
        except (OSError, ValueError, http.client.HTTPException) as problem:
            return NoAnswer(why(problem))  # a ValueError is a name or header that cannot be sent


def received(response: http.client.HTTPResponse, until: float) -> Response:
    """The whole response; raise TimeoutError when it drips past its time."""
    body = b""
    while part := response.read1(16 * 1024):
        body += part
        if len(body) > LARGEST_BODY or time.monotonic() > until:
            raise TimeoutError
    return Response(
        status=response.status,
        content_type=response.headers.get("Content-Type", ""),
        retry_after=response.headers.get("Retry-After", ""),
        date=response.headers.get("Date", ""),
        body=body,
    )


def why(problem: Exception) -> str:
    """The word for what went wrong on the way."""
    names = {kind.__name__ for kind in type(problem).__mro__}  # ssl is loaded only with https
    if "SSLCertVerificationError" in names:
        return answers.CERTIFICATE
    if isinstance(problem, TimeoutError):
        return answers.TIMED_OUT
    return answers.UNREACHABLE


def connect(
    address: SplitResult, proxy: SplitResult | None, timeout: float
) -> http.client.HTTPConnection:
    """A connection that will be made: to the service, to its proxy, or through a tunnel."""
    is_secure = address.scheme == "https"
    host, port = str(address.hostname), address.port or (443 if is_secure else 80)
    if proxy is None:
        if is_secure:
            return secure(host, port, timeout)
        return http.client.HTTPConnection(host, port, timeout=timeout)
    proxy_host, proxy_port = str(proxy.hostname), proxy.port or 80
    if not is_secure:
        return http.client.HTTPConnection(proxy_host, proxy_port, timeout=timeout)
    tunnel = secure(proxy_host, proxy_port, timeout)
    tunnel.set_tunnel(host, port, credentials(proxy))
    return tunnel


def secure(host: str, port: int, timeout: float) -> http.client.HTTPSConnection:
    """A connection whose certificate is checked against the system's."""
    return http.client.HTTPSConnection(host, port, timeout=timeout, context=tls())


def tls() -> ssl.SSLContext:
    """The system's certificates, and no way around them."""
    import ssl  # 16 ms, only with https

    return ssl.create_default_context()


def credentials(proxy: SplitResult) -> dict[str, str]:
    """The header by which a proxy knows us, if its address has a name and password."""
    if not proxy.username:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def address_of(url: str) -> SplitResult:
    """The parts of an address of HTTP; raise NoService."""
    try:
        address = urlsplit(url.strip())
        has_port = address.port is None or address.port > 0
    except ValueError:
        raise NoService from None
    if address.scheme not in ("http", "https") or not address.hostname or not has_port:
        raise NoService
    return address


def proxy_for(address: SplitResult, wanted: str) -> SplitResult | None:
    """The proxy to use: the policy's, else the system's; None for none. Raise NoService."""
    if wanted.lower() == DIRECT:
        return None
    found = wanted or proxy_of_system(address)
    if not found:
        return None
    return address_of(found if "://" in found else f"http://{found}")


def proxy_of_system(address: SplitResult) -> str:
    """The proxy that the environment, or Windows' or macOS' settings, name for an address."""
    is_set = any(name.lower().endswith("_proxy") for name in os.environ)
    if not is_set and sys.platform not in ("win32", "darwin"):
        return ""
    import urllib.request  # 27 ms, only where there may be a proxy

    if urllib.request.proxy_bypass(str(address.hostname)):
        return ""
    return names_a_proxy(urllib.request.getproxies(), address)


def names_a_proxy(proxies: Mapping[str, str], address: SplitResult) -> str:
    """The proxy that settings, by scheme, name for an address; empty if none."""
    return proxies.get(address.scheme, "") or proxies.get("all", "")


def rfc3339(at: float) -> str:
    """Seconds since 1970 as the service reads times."""
    import datetime as dt  # loaded only where a time is sent

    return dt.datetime.fromtimestamp(at, dt.UTC).isoformat()
