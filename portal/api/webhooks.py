"""Webhooks described in the OpenAPI document: each event with its schema and an example."""

from __future__ import annotations

import functools
from typing import Any

from django.utils import translation

from portal.webhooks import catalogue, examples

HEADERS = {
    "webhook-id": "The message's id, the same each time that it is sent.",
    "webhook-timestamp": "When it was sent, in seconds since 1970.",
    "webhook-signature": "Its signatures, as Standard Webhooks has them.",
}
TAG = "Webhooks"
TEST = "Somebody sent a test, by hand."


def describe(result: dict[str, Any], **_generator: object) -> dict[str, Any]:
    """The document with all events in it; drf-spectacular calls this when it has made the rest."""
    with translation.override("en"):
        result["webhooks"] = described()
    result["components"]["schemas"] |= examples.components()
    return result


@functools.cache
def described() -> dict[str, Any]:
    """Each event's operation, by the event's name."""
    told = {**catalogue.EVENTS, **catalogue.ALERTS, catalogue.TEST: TEST}
    return {event: {"post": operation(event, str(sentence))} for event, sentence in told.items()}


def operation(event: str, sentence: str) -> dict[str, Any]:
    """What is posted, and what is expected of the receiver."""
    example = {"summary": event, "value": examples.example_of(event)}
    content = {"schema": examples.schema_of(event), "examples": {"posted": example}}
    return {
        "operationId": f"webhook_{event.replace('.', '_')}",
        "summary": sentence,
        "tags": [TAG],
        "security": [],
        "parameters": [header(name, meaning) for name, meaning in HEADERS.items()],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {
            "2XX": {"description": "It has arrived. What the answer says is not read."},
            "410": {"description": "The webhook is turned off: nothing more is sent."},
        },
    }


def header(name: str, meaning: str) -> dict[str, Any]:
    """A header of each message."""
    of_text = {"schema": {"type": "string"}}
    return {"name": name, "in": "header", "required": True, "description": meaning} | of_text
