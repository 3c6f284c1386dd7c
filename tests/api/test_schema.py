"""The API's description: right, complete, and true."""

from __future__ import annotations

import jsonschema
import pytest
from django.core.management import call_command
from drf_spectacular.validation import validate_schema


@pytest.fixture
def document(client):
    """The OpenAPI document as a client's developers get it."""
    return client.get("/api/v1/schema/").json()


def answers(document):
    """Each operation's id, status and content of its answers."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                for content in answer.get("content", {}).values():
                    yield f"{operation['operationId']} {status}", content


@pytest.mark.slow
def test_is_valid_openapi_3_1_without_a_warning(document, tmp_path):
    call_command("spectacular", fail_on_warn=True, file=str(tmp_path / "schema.yaml"))

    validate_schema(document)
    assert document["openapi"] == "3.1.0"


def test_describes_every_address_for_clients(document):
    operations = {
        (method, address) for address, methods in document["paths"].items() for method in methods
    }

    assert operations == {
        ("post", "/api/v1/sessions"),
        ("delete", "/api/v1/sessions/{session_id}"),
        ("delete", "/api/v1/sessions/{session_id}/device"),
        ("post", "/api/v1/sessions/{session_id}/refresh"),
        ("get", "/api/v1/account/"),
        ("get", "/api/v1/account/licences"),
        ("get", "/api/v1/account/licences/{licence_id}"),
        ("get", "/api/v1/account/keys"),
        ("get", "/api/v1/account/sessions"),
        ("get", "/api/v1/account/sessions/{session_id}"),
        ("post", "/api/v1/account/sessions/{session_id}/release"),
        ("get", "/api/v1/account/denials"),
        ("get", "/api/v1/account/usage"),
        ("get", "/api/v1/account/audit"),
        ("get", "/api/v1/account/people"),
        ("get", "/api/v1/vendor/accounts"),
        ("post", "/api/v1/vendor/accounts"),
        ("get", "/api/v1/vendor/accounts/{account_id}"),
        ("get", "/api/v1/vendor/accounts/{account_id}/licences"),
        ("post", "/api/v1/vendor/accounts/{account_id}/licences"),
        ("get", "/api/v1/vendor/templates"),
        ("get", "/api/v1/vendor/licences/{licence_id}"),
        ("post", "/api/v1/vendor/licences/{licence_id}/seats"),
        ("post", "/api/v1/vendor/licences/{licence_id}/emergency-seats"),
        ("post", "/api/v1/vendor/planned-seats/{planned_id}/end"),
        ("post", "/api/v1/vendor/licences/{licence_id}/term"),
        ("post", "/api/v1/vendor/licences/{licence_id}/suspend"),
        ("post", "/api/v1/vendor/licences/{licence_id}/reinstate"),
        ("post", "/api/v1/vendor/keys/{key_id}/hand-over"),
        ("get", "/.well-known/jwks.json"),
        ("get", "/healthz"),
        ("get", "/readyz"),
    }


def test_every_answer_has_an_example(document):
    without = [name for name, content in answers(document) if not content.get("examples")]

    assert without == []


def test_every_example_is_what_the_schema_says(document):
    schemas = {"components": document["components"]}

    for _, content in answers(document):
        for example in content["examples"].values():
            jsonschema.validate(example["value"], content["schema"] | schemas)


def operations(document):
    """Every operation."""
    for operations in document["paths"].values():
        yield from operations.values()


def test_what_is_sent_may_get_new_fields_and_what_is_taken_may_not(document):
    closed = {
        name
        for name, schema in document["components"]["schemas"].items()
        if schema.get("additionalProperties") is False
    }

    assert closed == {
        "CheckOutRequest", "RefreshRequest", "ReleaseRequest",
        "NewAccount", "NewLicence", "NewSeats", "NewEmergencySeats", "NewTerm", "ForReason",
    }  # fmt: skip


def test_every_example_has_only_what_the_schema_knows(document):
    schemas = document["components"]["schemas"]
    strangers = [
        (name, unknown)
        for name, content in answers(document)
        if (known := schemas.get(content["schema"].get("$ref", "").rpartition("/")[2]))
        for example in content["examples"].values()
        if (unknown := example["value"].keys() - known["properties"].keys())
    ]

    assert strangers == []


def test_every_field_of_a_problem_stands_in_an_example(document):
    shown = {
        field
        for _, content in answers(document)
        for example in content["examples"].values()
        if "retryable" in example["value"]
        for field in example["value"]
    }

    assert shown == document["components"]["schemas"]["Problem"]["properties"].keys()


def test_every_operation_says_what_its_headers_mean(document):
    for operation in operations(document):
        asked = {one["name"] for one in operation["parameters"] if one["in"] == "header"}
        assert {"X-Request-Id", "Accept-Language"} <= asked
        for status, answer in operation["responses"].items():
            assert "X-Request-Id" in answer["headers"], (operation["operationId"], status)
            if status in ("408", "429", "503"):
                assert "Retry-After" in answer["headers"], (operation["operationId"], status)
            if int(status) >= 400:
                assert "Content-Language" in answer["headers"], (operation["operationId"], status)


def test_whoever_may_guess_keys_or_tokens_is_braked(document):
    braked = {one["operationId"] for one in operations(document) if "429" in one["responses"]}
    tokens = {
        one["operationId"]
        for one in operations(document)
        if {"api_token": []} in one.get("security", [])
        or {"staff_token": []} in one.get("security", [])
    }

    assert braked == {"check_out", "close", *tokens}


def test_only_the_check_out_of_sessions_needs_no_token(document):
    open_to_all = {
        operation["operationId"]
        for operations in document["paths"].values()
        for operation in operations.values()
        if not operation.get("security")
    }

    assert open_to_all == {"check_out", "key_set", "alive", "ready"}
