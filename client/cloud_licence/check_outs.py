"""Check-outs: what is sent to ask for a seat, and what is asked at once after some answers.

``session_id`` is the id that the client made for the session, so that it is the same session
when the same is asked again because no answer came. A service that does not know this field or
``device_id`` says so, and is asked without.
"""

from __future__ import annotations

from typing import Any

from cloud_licence.answers import Answer, Refused

OPTIONAL = ("os_session", "product", "features", "session_id", "device_id")
"""Sent only where there is something to say."""
NEWER = ("session_id", "device_id")
"""Fields that an older service does not know."""
HAS_ENDED = {"session_ended", "session_released"}


def document(**fields: Any) -> dict[str, Any]:
    """The body of a check-out: serial_number, product_key, machine_name, username, version,
    and those of OPTIONAL that are not empty."""
    return {name: value for name, value in fields.items() if value or name not in OPTIONAL}


def anew(sent: dict[str, Any], answer: Answer, *, spare_id: str) -> dict[str, Any] | None:
    """What to ask at once after an answer to a check-out; None: nothing, the answer counts.

    ``spare_id`` is another id for the session, empty once it was used: the first one named a
    session that has ended.
    """
    if not isinstance(answer, Refused):
        return None
    if answer.code in HAS_ENDED and spare_id and "session_id" in sent:
        return sent | {"session_id": spare_id}
    unknown = {name for name in NEWER if name in sent and f"/{name}" in answer.pointers}
    if answer.code == "request_invalid" and unknown:
        return {name: value for name, value in sent.items() if name not in unknown}
    return None


def can_do_without(code: str, facts: dict[str, Any], optional: tuple[str, ...]) -> tuple[str, ...]:
    """The features for which a program was refused, if it can do without all of them."""
    is_about_features = code == "feature_not_licensed" or (
        code == "pool_exhausted" and facts.get("scope") == "feature"
    )
    refused = tuple(facts.get("features") or ())
    return refused if is_about_features and set(refused) <= set(optional) else ()
