"""Answers: what came back from the network, and whether it came from the licensing service.

Only the service itself can refuse. What a proxy, a captive portal or a server in trouble
says is no answer, and leads to the grace period, never to a denial. The service's own answers
are known by the id that the request carried: the service repeats it, and nobody else does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

UNREACHABLE = "unreachable"
TIMED_OUT = "timed_out"
CERTIFICATE = "certificate"
CAPTIVE_PORTAL = "captive_portal"
PROXY_PASSWORD = "proxy_password"  # noqa: S105 - a code, no password
SERVICE_TROUBLE = "service_trouble"
RATE_LIMITED = "rate_limited"
NO_SERVICE = "no_service"
CAUSES = (
    UNREACHABLE,
    TIMED_OUT,
    CERTIFICATE,
    CAPTIVE_PORTAL,
    PROXY_PASSWORD,
    SERVICE_TROUBLE,
    RATE_LIMITED,
    NO_SERVICE,
)
"""Why there is no answer."""

PASSING = {
    "https_required": NO_SERVICE,
    "length_required": NO_SERVICE,
    "method_not_allowed": NO_SERVICE,
    "not_found": NO_SERVICE,
    "rate_limited": RATE_LIMITED,
    "request_too_slow": TIMED_OUT,
}
"""Codes of the service that say nothing about the licence, and the cause that each is: that it was
asked too often, too slowly, or at a wrong address."""
PROXY_SIGN_IN, NETWORK_SIGN_IN = 407, 511
LONGEST_WAIT_ASKED = 3600.0
LARGEST = 1e11
"""More seconds than any time or wait has."""


@dataclass(frozen=True)
class Session:
    """A session as the client knows it: the token proves that it is ours."""

    id: str
    token: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Granted:
    """A seat is held. Times are seconds since 1970, waits are seconds.

    ``message`` is the service's own word to the user, if it has one.
    """

    session: Session
    refresh_after: float
    grace_until: float
    server_time: float = 0.0
    lease: str = field(default="", repr=False)
    serial_number: str = ""
    licence_name: str = ""
    usage_model: str = ""
    features: tuple[str, ...] = ()
    message: str = ""


@dataclass(frozen=True)
class Done:
    """The service did as it was asked, and has nothing to say."""


@dataclass(frozen=True, kw_only=True)
class Refused:
    """The service said no. ``detail`` is fit to show, ``reference`` is what support looks up.

    ``pointers`` name the fields of the request that were wrong. ``server_time`` is 0 if the
    service did not say it.
    """

    code: str
    detail: str = ""
    reference: str = ""
    is_retryable: bool = False
    retry_after: float = 0.0
    server_time: float = 0.0
    facts: dict[str, Any] = field(default_factory=dict)
    pointers: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoAnswer:
    """The service did not answer; ``why`` is one of CAUSES."""

    why: str
    retry_after: float = 0.0
    reference: str = ""


Answer = Granted | Done | Refused | NoAnswer


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was asked: the id that went with it, and what can come back but a refusal.

    A check-out and a refresh are granted, ``session_id`` is that of a refresh; anything else
    is done.
    """

    request_id: str
    is_for_seat: bool = False
    session_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Response:
    """What came back by HTTP, whoever sent it."""

    status: int
    content_type: str = ""
    retry_after: str = ""
    x_request_id: str = ""
    date: str = ""
    body: bytes = b""


def understood(response: Response, asked: Asked) -> Answer:
    """What an HTTP response means. Anything that is not the service's own is a NoAnswer."""
    wait = seconds(response.retry_after)
    wrong_address = NoAnswer(NO_SERVICE, wait)  # our server, but not what speaks this protocol
    if response.status == PROXY_SIGN_IN:
        return NoAnswer(PROXY_PASSWORD)
    if response.status == NETWORK_SIGN_IN:
        return NoAnswer(CAPTIVE_PORTAL)
    document = document_of(response.body) if is_of_service(response, asked) else {}
    if response.status >= 500:
        return NoAnswer(SERVICE_TROUBLE, wait, text_in(document, "request_id"))
    if not is_of_service(response, asked):
        return NoAnswer(CAPTIVE_PORTAL, wait)
    if response.status == 204 and not asked.is_for_seat:
        return Done()
    if response.status in (200, 201) and asked.is_for_seat:
        return granted(document, asked.session_id) or wrong_address
    return refused(response, document, wait) or wrong_address


def is_of_service(response: Response, asked: Asked) -> bool:
    """Whether the service itself answered: it repeats the id of the request."""
    return bool(asked.request_id) and response.x_request_id == asked.request_id


def document_of(body: bytes) -> dict[str, Any]:
    """The JSON object of a body; empty if it is none."""
    try:
        document = json.loads(body)
    except (RecursionError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def granted(document: dict[str, Any], session_id: str = "") -> Granted | None:
    """The grant that a session document tells of; None if it is none, or of another session."""
    try:
        licence = document["licence"]
        found = Granted(
            session=Session(text_of(document["id"]), text_of(document["token"])),
            refresh_after=number_of(document["refresh_after"]),
            grace_until=moment(document["grace_until"]),
            server_time=moment(document["server_time"]),
            lease=text_of(document["lease"]),
            serial_number=text_of(licence["serial_number"]),
            licence_name=text_of(licence["name"]),
            usage_model=text_of(document["usage_model"]),
            features=tuple(text_of(feature) for feature in document["features"]),
            message=text_in(document, "message"),
        )
    except (KeyError, TypeError, ValueError):
        return None
    is_another = session_id and found.session.id != session_id
    return None if is_another or found.refresh_after < 0 else found


def refused(response: Response, document: dict[str, Any], wait: float) -> Refused | NoAnswer | None:
    """The refusal that a problem document (RFC 9457) tells of; None if it is none."""
    if not (400 <= response.status < 500 and is_problem(response, document)):
        return None
    code, reference = document["code"], document["request_id"]
    if code in PASSING:
        return NoAnswer(PASSING[code], wait, reference)
    return Refused(
        code=code,
        detail=text_in(document, "detail"),
        reference=reference,
        is_retryable=document["retryable"],
        retry_after=wait,
        server_time=server_time(document),
        facts={name: document[name] for name in FACTS if is_fact(document.get(name))},
        pointers=tuple(pointers_in(document.get("errors"))),
    )


def is_problem(response: Response, document: dict[str, Any]) -> bool:
    """Whether this is a problem document as the service writes them."""
    return (
        response.content_type.startswith("application/problem+json")
        and bool(text_in(document, "code"))
        and bool(text_in(document, "request_id"))
        and document.get("status") == response.status
        and isinstance(document.get("retryable"), bool)
    )


FACTS = (
    "scope",
    "features",
    "seats",
    "in_use",
    "holders",
    "next_reclaim_at",
    "devices",
    "minimum_version",
    "starts_on",
    "ends_on",
    "next_move_at",
    "reason",
    "ended_at",
    "contact",
)
"""What some codes add that a message may show, in the order in which it is said."""


def is_fact(value: Any) -> bool:
    """Whether a value can be shown: a text, a number, or a list of texts."""
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def pointers_in(problems: Any) -> list[str]:
    """The fields of the request that a problem document points at."""
    found = problems if isinstance(problems, list) else []
    return [text_in(problem, "pointer") for problem in found if isinstance(problem, dict)]


def server_time(document: dict[str, Any]) -> float:
    """The service's time in a problem document; 0 if it does not say it."""
    try:
        return moment(document["server_time"])
    except (KeyError, TypeError, ValueError):
        return 0.0


def moment(text: str) -> float:
    """An RFC 3339 time as seconds since 1970; raise TypeError or ValueError."""
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


def number_of(value: Any) -> float:
    """A number that can be a time or a wait; raise TypeError or ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("Not a number.")
    if not -LARGEST <= value <= LARGEST:
        raise ValueError("Neither a time nor a wait.")
    return float(value)


def text_of(value: Any) -> str:
    """A text; raise TypeError for anything else."""
    if not isinstance(value, str):
        raise TypeError("Not a text.")
    return value


def text_in(document: dict[str, Any], name: str) -> str:
    """The text of that name; empty if there is none."""
    value = document.get(name, "")
    return value if isinstance(value, str) else ""
