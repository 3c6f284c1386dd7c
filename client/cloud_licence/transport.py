"""The transport: HTTP to the licensing service, through proxies, with the system's certificates.

The standard library's client: it loads in a fifth of the time that the larger ones take.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, quote, unquote, urlencode

from cloud_licence import answers
from cloud_licence.addresses import NoService, address_of, proxy_for
from cloud_licence.answers import Answer, Asked, NoAnswer, Response, Session

if TYPE_CHECKING:
    import ssl

LARGEST_BODY = 256 * 1024
REFUSED_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})")
"""What ``http.client`` says when a proxy refuses; it tells its status in no other way."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """The licensing service: its address, the proxy's, how long to wait in seconds, and the
    language in which it is to answer."""

    url: str
    proxy: str = ""
    timeout: float = 10.0
    language: str = "en"

    def check_out(self, document: dict[str, Any]) -> Answer:
        """Ask for a seat."""
        return self.ask("POST", "/api/v1/sessions", document=document, is_for_seat=True)

    def refresh(self, session: Session, *, version: str) -> Answer:
        """Say that the program is still open."""
        return self.ask(
            "POST",
            f"{path_of(session)}/refresh",
            authorization=bearer(session),
            document={"version": version},
            is_for_seat=True,
            session_id=session.id,
        )

    def close(
        self,
        session: Session,
        *,
        pair: tuple[str, str] = ("", ""),
        ended_at: float | None = None,
    ) -> Answer:
        """Give the seat back; ``ended_at`` for a program that was closed some time ago.

        The serial number and product key prove it where there is no token: no answer came when
        the seat was asked for.
        """
        query = f"?{urlencode({'ended_at': rfc3339(ended_at)})}" if ended_at else ""
        proof = bearer(session) if session.token else f"Basic {basic(*pair)}"
        return self.ask("DELETE", f"{path_of(session)}{query}", authorization=proof)

    def move(self, session: Session) -> Answer:
        """End the session and unbind this device."""
        return self.ask("DELETE", f"{path_of(session)}/device", authorization=bearer(session))

    def keys(self) -> list[dict[str, Any]]:
        """The public keys that verify leases; none if they cannot be had just now."""
        asked = Asked(request_id=new_request_id())
        response = self.send("GET", "/.well-known/jwks.json", request_id=asked.request_id)
        if isinstance(response, NoAnswer) or response.status != http.client.OK:
            return []
        if not answers.is_of_service(response, asked):
            return []
        found = answers.document_of(response.body).get("keys", [])
        return [key for key in found if isinstance(key, dict)] if isinstance(found, list) else []

    def ask(
        self,
        method: str,
        path: str,
        *,
        authorization: str = "",
        document: dict[str, Any] | None = None,
        is_for_seat: bool = False,
        session_id: str = "",
    ) -> Answer:
        """What the service answers."""
        asked = Asked(request_id=new_request_id(), is_for_seat=is_for_seat, session_id=session_id)
        headers = {"Authorization": authorization} if authorization else {}
        body = b""
        if document is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(document).encode()
        response = self.send(method, path, request_id=asked.request_id, headers=headers, body=body)
        return response if isinstance(response, NoAnswer) else answers.understood(response, asked)

    def send(
        self,
        method: str,
        path: str,
        *,
        request_id: str = "",
        headers: dict[str, str] | None = None,
        body: bytes = b"",
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
            "Accept-Language": self.language,
            "User-Agent": "cloud-licence/1",
            "X-Request-Id": request_id or new_request_id(),
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


def new_request_id() -> str:
    """An id by which the service's answer to this request is known, and nobody else's."""
    return os.urandom(16).hex()


def path_of(session: Session) -> str:
    """The address of a session."""
    return f"/api/v1/sessions/{quote(session.id, safe='')}"


def bearer(session: Session) -> str:
    """What proves that a session is ours."""
    return f"Bearer {session.token}"


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
        x_request_id=response.headers.get("X-Request-Id", ""),
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
    if refusal := REFUSED_TUNNEL.match(str(problem)):
        return why_no_tunnel(int(refusal[1]))
    return answers.UNREACHABLE


def why_no_tunnel(status: int) -> str:
    """The word for what a proxy said that would not carry a connection to the service."""
    if status == answers.PROXY_SIGN_IN:
        return answers.PROXY_PASSWORD
    return (
        answers.UNREACHABLE
        if status >= http.client.INTERNAL_SERVER_ERROR
        else (answers.CAPTIVE_PORTAL)
    )


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
    password = unquote(proxy.password or "")
    return {"Proxy-Authorization": f"Basic {basic(unquote(proxy.username), password)}"}


def basic(name: str, secret: str) -> str:
    """A name and its secret as HTTP's basic scheme writes them (RFC 7617)."""
    return base64.b64encode(f"{name}:{secret}".encode()).decode()


def rfc3339(at: float) -> str:
    """Seconds since 1970 as the service reads times."""
    import datetime as dt  # loaded only where a time is sent

    return dt.datetime.fromtimestamp(int(at), dt.UTC).isoformat()
