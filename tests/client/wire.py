"""The wire: what a client sends, as the kit tells it, and what comes back to it."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import uuid
from dataclasses import dataclass
from urllib.parse import parse_qs

JSON, PROBLEM = "application/json", "application/problem+json"
REQUEST_ID = re.compile(r"[0-9a-f]{16,32}", re.IGNORECASE)
FRESH = "{fresh}"


class Names:
    """Names for what the client makes at random: ``{id 1}`` is the first session id it made."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.request_ids: set[str] = set()

    def learn(self, kind: str, value: object) -> None:
        """Give a value that was made a name, unless it has one."""
        if isinstance(value, str) and value and value not in self.names:
            number = 1 + sum(name.startswith(f"{{{kind} ") for name in self.names.values())
            self.names[value] = f"{{{kind} {number}}}"

    def told(self, value):
        """A value with names for what has one."""
        if isinstance(value, str):
            for made, name in self.names.items():
                value = value.replace(made, name)
        return value

    def filled(self, value):
        """A value of the kit with what the names stand for."""
        text = json.dumps(value)
        for made, name in self.names.items():
            text = text.replace(name, made)
        return json.loads(text)

    def freshness(self, request_id: str) -> str:
        """``{fresh}`` for a request id that is one and was never sent before; else what it is."""
        is_fresh = REQUEST_ID.fullmatch(request_id) and request_id not in self.request_ids
        self.request_ids.add(request_id)
        return FRESH if is_fresh else request_id


@dataclass(frozen=True)
class Sent:
    """A request."""

    line: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: dict | None
    request_id: str

    @classmethod
    def read(cls, request: bytes, names: Names) -> Sent:
        """The request in its bytes."""
        head, _, body = request.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        method, target, _ = first.split()
        path, _, query = target.partition("?")
        pairs = [line.partition(":") for line in lines]
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        document = json.loads(body) if body else None
        for kind, name in (("id", "session_id"), ("device", "device_id")):
            if document and is_made(kind, document.get(name)):
                names.learn(kind, document[name])
        request_id = headers.get("x-request-id", "")
        if request_id:
            headers["x-request-id"] = names.freshness(request_id)
        return cls(f"{method} {path}", parse_qs(query), headers, document, request_id)

    def told(self, told: dict | None, names: Names) -> dict:
        """The request, as far as the kit tells of it; all of it where it tells nothing."""
        body = {name: names.told(value) for name, value in (self.body or {}).items()}
        whole = {
            "line": names.told(self.line),
            "authorization": self.authorization(),
            "ended_at": moment(self.query["ended_at"][0]) if "ended_at" in self.query else None,
            "query": sorted(self.query),
            "headers": self.headers,
            "body": body if self.body is not None else None,
            "fields": body,
        }
        if told is None:
            return whole
        part = {name: whole[name] for name in told}
        for name, values in (("headers", self.headers), ("fields", body)):
            if name in told:
                part[name] = {key: values.get(key.lower()) for key in told[name]}
        return part

    def authorization(self) -> str | None:
        """Who asks: ``Bearer TOKEN``, or ``Basic SERIAL:KEY`` in plain text."""
        scheme, _, proof = self.headers.get("authorization", "").partition(" ")
        if scheme != "Basic":
            return f"{scheme} {proof}" if scheme else None
        return f"Basic {base64.b64decode(proof).decode()}"


def is_made(kind: str, value: object) -> bool:
    """Whether this can be what a client made at random."""
    if kind == "device":
        return isinstance(value, str) and 0 < len(value) <= 255
    try:
        return str(uuid.UUID(str(value))) == str(value).lower()
    except ValueError:
        return False


def response(told, sent: Sent, kit, leases, at: float) -> bytes:
    """The bytes of an answer that the kit tells of."""
    status, content_type, document = {
        "granted": grant,
        "refused": problem,
        "done": lambda *_: (204, "", None),
        "keys": lambda *_: (200, JSON, {"keys": told["keys"]}),
        "stranger": lambda *_: (told["status"], told["content_type"], told["body"]),
    }[told["kind"]](told, kit, leases, at, sent)
    body = b"" if document is None else as_bytes(document)
    headers = {"Content-Type": content_type, "Content-Length": str(len(body))}
    headers["Retry-After"] = str(told.get("retry_after", ""))
    if told["kind"] != "stranger":
        headers["X-Request-Id"] = sent.request_id
    headers.update(told.get("headers", {}))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
    return f"HTTP/1.1 {status} -\r\n{lines}\r\n".encode() + body


def grant(told, kit, leases, at: float, sent: Sent):
    """A session document, with what the kit tells of it."""
    lease = next(
        case for case in leases["cases"] if case["name"] == told.get("lease", kit["lease"])
    )
    document = {
        **kit["grant"],
        "lease": lease["lease"],
        "grace_until": rfc3339(lease["claims"]["exp"]),
        "server_time": rfc3339(at),
        **{name: told[name] for name in kit["grant"] if name in told},
    }
    return told.get("status", 201), JSON, document


def problem(told, kit, leases, at: float, sent: Sent):
    """A problem document, with what the kit tells of it."""
    document = {
        **kit["problem"],
        "request_id": sent.request_id,
        "server_time": rfc3339(at),
        **{name: told[name] for name in ("status", "code", "retryable")},
        **told.get("facts", {}),
    }
    return told["status"], PROBLEM, document


def as_bytes(document) -> bytes:
    """A document as it is sent."""
    return document.encode() if isinstance(document, str) else json.dumps(document).encode()


def rfc3339(at: float) -> str:
    """A time as the service writes it."""
    return dt.datetime.fromtimestamp(at, dt.UTC).isoformat().replace("+00:00", "Z")


def moment(text: str) -> float | str:
    """The seconds since 1970 of a time that was sent; the text if it is none with a zone."""
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return at.timestamp() if at.tzinfo else text
