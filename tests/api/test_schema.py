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
        ("get", "/api/v1/account/audit"),
        ("get", "/api/v1/account/people"),
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


def test_only_the_check_out_of_sessions_needs_no_token(document):
    open_to_all = {
        operation["operationId"]
        for operations in document["paths"].values()
        for operation in operations.values()
        if not operation.get("security")
    }

    assert open_to_all == {"check_out", "key_set", "alive", "ready"}
