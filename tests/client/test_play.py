"""The service of the plays: it takes what the real one takes, and answers in the same fields."""

from __future__ import annotations

import uuid

import pytest

from tests.client import vectors
from tests.factories import make_pool, make_session

pytestmark = pytest.mark.django_db
PLAY = vectors.read("play")
CHECK_OUT = "/api/v1/sessions"


def exchanges(file):
    """The requests of a file of the kit with their answers."""
    for case in vectors.read(file)["cases"]:
        for step in case["steps"]:
            yield from step.get("exchanges", [])


def asked_with(client, key, body):
    """The real service's answer to a check-out of the kit, with a key and an id that it knows."""
    real = {"serial_number": key.serial_number, "product_key": key.plain}
    made = {"session_id": str(uuid.uuid4()), "device_id": "device"}
    return client.post(CHECK_OUT, {**body, **real, **made}, content_type="application/json")


def check_outs():
    """The check-outs of the kit that are told whole."""
    told = [exchange["sent"] for exchange in exchanges("requests")]
    return [sent["body"] for sent in told if sent["line"] == f"POST {CHECK_OUT}" and "body" in sent]


def test_service_takes_every_check_out_of_the_kit(client):
    key = make_pool(50, features=["bim", "4d"])

    answers = [asked_with(client, key, body) for body in check_outs()]

    assert {answer.status_code for answer in answers} == {200, 201}
    assert {tuple(sorted(answer.json())) for answer in answers} == {
        tuple(sorted([*PLAY["grant"], "lease", "grace_until", "server_time"]))
    }


def test_service_refuses_in_the_fields_of_the_kit(client):
    key = make_pool(1)
    make_session(key)
    told = next(
        exchange["answer"]
        for exchange in exchanges("starts")
        if exchange["answer"].get("code") == "pool_exhausted"
    )

    refused = asked_with(client, key, check_outs()[0])

    assert (refused.status_code, refused.json()["code"]) == (told["status"], told["code"])
    told_fields = {*told["facts"], "status", "code", "retryable", "request_id", "server_time"}
    assert set(refused.json()) == {*PLAY["problem"], *told_fields}
