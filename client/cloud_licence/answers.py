"""Answers: what came back from the network, and whether it came from the licensing service.

Only the service itself can refuse. What a proxy, a captive portal or a server in trouble
says is no answer, and leads to the grace period, never to a denial.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

UNREACHABLE = "unreachable"
TIMED_OUT = "timed_out"
CERTIFICATE = "certificate"
CAPTIVE_PORTAL = "captive_portal"
SERVICE_TROUBLE = "service_trouble"
NO_SERVICE = "no_service"

PASSING = {"rate_limited"}
"""Codes of refusals that say nothing about the licence."""
NETWORK_SIGN_IN = 511
LONGEST_WAIT_ASKED = 3600.0


@dataclass(frozen=True, slots=True)
class Session:
    """A session as the client knows it: the token proves that it is ours."""

    id: str
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A seat is held. Times are seconds since 1970, waits are seconds."""

    session: Session
    refresh_after: float
    grace_until: float
    server_time: float = 0.0
    lease: str = field(default="", repr=False)
    serial_number: str = ""
    licence_name: str = ""
    usage_model: str = ""
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """The service did as it was asked, and has nothing to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The service said no. ``detail`` is fit to show, ``reference`` is what support looks up."""

    code: str
    detail: str = ""
    reference: str = ""
    is_retryable: bool = False
    retry_after: float = 0.0
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The service did not answer; ``why`` is one of the words above."""

    why: str
    retry_after: float = 0.0
    reference: str = ""


Answer = Granted | Done | Refused | NoAnswer


def understood(status: int, content_type: str, retry_after: str, body: bytes) -> Answer:
    """What an HTTP response means. Anything that is not the service's own is a NoAnswer."""
    wait = seconds(retry_after)
    document = document_of(body)
    if status == 204:
        return Done()
    if status == NETWORK_SIGN_IN:
        return NoAnswer(CAPTIVE_PORTAL)
    if status >= 500:
        return NoAnswer(SERVICE_TROUBLE, wait, str(document.get("request_id", "")))
    if status in (200, 201):
        return granted(document) or NoAnswer(CAPTIVE_PORTAL)
    if not content_type.startswith("application/problem+json") or "code" not in document:
        return NoAnswer(CAPTIVE_PORTAL, wait)
    return refused(document, wait)


def document_of(body: bytes) -> dict[str, Any]:
    """The JSON object of a body; empty if it is none."""
    try:
        document = json.loads(body)
    except (RecursionError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def granted(document: dict[str, Any]) -> Granted | None:
    """The grant that a session document tells of; None if it is no session document."""
    try:
        licence = document["licence"]
        return Granted(
            session=Session(str(document["id"]), str(document["token"])),
            refresh_after=float(document["refresh_after"]),
            grace_until=moment(document["grace_until"]),
            server_time=moment(document["server_time"]),
            lease=str(document["lease"]),
            serial_number=str(licence["serial_number"]),
            licence_name=str(licence["name"]),
            usage_model=str(document["usage_model"]),
            features=tuple(document["features"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def refused(document: dict[str, Any], wait: float) -> Refused | NoAnswer:
    """The refusal that a problem document (RFC 9457) tells of."""
    code, reference = str(document["code"]), str(document.get("request_id", ""))
    if code in PASSING:
        return NoAnswer(code, wait, reference)
    return Refused(
        code=code,
        detail=str(document.get("detail", "")),
        reference=reference,
        is_retryable=document.get("retryable") is True,
        retry_after=wait,
        facts={name: document[name] for name in FACTS if name in document},
    )


FACTS = ("seats", "in_use", "devices", "features", "minimum_version", "reason")
"""What some codes add that a message may show."""


def moment(text: str) -> float:
    """An RFC 3339 time as seconds since 1970; raise ValueError."""
    import datetime as dt  # loaded only where there is an answer to read

    at = dt.datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("A time without a zone.")
    return at.timestamp()


def seconds(retry_after: str) -> float:
    """The seconds that a Retry-After header asks for; 0 for none, an hour at most."""
    text = retry_after.strip()
    if not (text.isascii() and text.isdigit()):
        return 0.0  # our service sends seconds; another's date is a stranger's
    return min(float(text), LONGEST_WAIT_ASKED)
