"""Whatever is sent, the answer is request_invalid with pointers, and never a 500."""

from __future__ import annotations

import json

import msgspec
import pytest

from licensing.api.documents import CheckOutRequest, RefreshRequest
from portal.api.documents import ReleaseRequest
from tests.api.desktop import SESSIONS, order
from tests.factories import make_single_user

pytestmark = pytest.mark.django_db


def post(client, body, content_type="application/json"):
    return client.generic("POST", SESSIONS, body, content_type=content_type)


def pointers(response):
    problem = response.json()
    assert (response.status_code, problem["code"]) == (400, "request_invalid")
    assert all(error["detail"] for error in problem["errors"])
    return [error["pointer"] for error in problem["errors"]]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"not json",
        b"true",
        b"[]",
        b'"text"',
        b"7",
        b"\xff\xfe{}",
        b'{"machine_name": "\xed\xa0\x80"}',
        b'{"machine_name": "\\ud800"}',
        b'{"machine_name": "\\udc00 "}',
        b'{"machine_name": "raw \x00"}',
        b'{"idle": NaN}',
        b'{"idle": Infinity}',
        b'{"idle": 1e999}',
        b'{"idle": ' + b"9" * 5000 + b"}",
        b"[" * 16_000,
        b'{"a":' * 3000,
        b'{"machine_name": "' + b"x" * 16_384 + b'"}',
        b" " * 16_385,
        b"\xef\xbb\xbf[]",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_a_body_that_is_no_document_is_wrong_as_a_whole(client, body):
    assert pointers(post(client, body)) == [""]


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"features":['])
def test_nesting_never_reaches_the_decoder(client, opening):
    """Some thousand levels overflow the stack of a web server's thread: the process dies."""
    body = opening * (16_000 // len(opening))

    problem = post(client, body).json()

    assert problem["errors"] == [{"pointer": "", "detail": "The JSON is nested too deeply."}]


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x", ""],
)
def test_a_body_that_says_it_is_not_json_is_wrong_as_a_whole(client, pool, content_type):
    body = json.dumps(order(pool))

    assert pointers(post(client, body, content_type=content_type)) == [""]


def test_json_may_name_its_character_set(client, pool):
    response = post(client, json.dumps(order(pool)), "Application/JSON; charset=utf-8")

    assert response.status_code == 201


@pytest.mark.parametrize("kind", [CheckOutRequest, RefreshRequest, ReleaseRequest])
def test_whatever_may_be_left_out_may_be_null(kind):
    required = {field.name: "16" for field in msgspec.structs.fields(kind) if field.required}
    optional = {field.name: None for field in msgspec.structs.fields(kind) if not field.required}

    assert optional
    assert msgspec.convert(required | optional, kind) == msgspec.convert(required, kind)


NUL_NAME = "CAD\0"
LONG_NAME = "x" * 256
LIGATURES = "\ufdfa" * 255  # each is 18 letters when names are compared


WRONG = [
    ("serial_number", "", "/serial_number"),
    ("serial_number", 7, "/serial_number"),
    ("serial_number", NUL_NAME, "/serial_number"),
    ("product_key", None, "/product_key"),
    ("product_key", LONG_NAME, "/product_key"),
    ("machine_name", "", "/machine_name"),
    ("machine_name", " \t\u2003", "/machine_name"),
    ("machine_name", NUL_NAME, "/machine_name"),
    ("machine_name", LONG_NAME, "/machine_name"),
    ("machine_name", LIGATURES, "/machine_name"),
    ("machine_name", ["CAD"], "/machine_name"),
    ("machine_name", {"name": "CAD"}, "/machine_name"),
    ("username", True, "/username"),
    ("username", " ", "/username"),
    ("username", LONG_NAME, "/username"),
    ("username", LIGATURES, "/username"),
    ("version", "sixteen", "/version"),
    ("version", 16.0, "/version"),
    ("version", "1" * 51, "/version"),
    ("version", "16\0", "/version"),
    ("version", "١٦", "/version"),
    ("product", "two words", "/product"),
    ("product", "p" * 51, "/product"),
    ("os_session", 3, "/os_session"),
    ("os_session", NUL_NAME, "/os_session"),
    ("os_session", LONG_NAME, "/os_session"),
    ("features", "bim", "/features"),
    ("features", ["bim"] * 51, "/features"),
    ("features", ["bim", 4], "/features/1"),
    ("features", ["bim", "4 d"], "/features/1"),
    ("features", [["bim"]], "/features/0"),
    ("colour", "blue", "/colour"),
    ("a/b~c", 1, "/a~1b~0c"),
    ("\0", 1, "/\0"),
]


def test_a_wrong_field_is_pointed_at(client):
    right = order(make_single_user())

    found = [
        (field, value, *pointers(post(client, json.dumps(right | {field: value}))))
        for field, value, _pointer in WRONG
    ]

    assert found == WRONG


def test_all_wrong_fields_are_pointed_at_at_once(client, db):
    body = {"serial_number": 1, "version": "x", "username": "", "colour": "blue"}

    assert pointers(post(client, json.dumps(body))) == [
        "/colour", "/serial_number", "/product_key", "/machine_name", "/username", "/version",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"null", b" null\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf{}"]
)
def test_an_empty_body_lacks_all_that_is_required(client, db, body):
    assert pointers(post(client, body)) == [
        "/serial_number", "/product_key", "/machine_name", "/username", "/version",
    ]  # fmt: skip


STRANGE = [
    {"machine_name": "x" * 255, "username": "É" * 255, "os_session": LIGATURES},
    {"machine_name": "😀" * 255, "username": "ß" * 100},
    {"machine_name": "\u202eCAD\r\n", "username": "'; DROP TABLE x; --"},
    {"machine_name": "=1+1", "username": "<script>alert(1)</script>"},
    {"version": "16." + "9" * 47},
    {"features": []},
    {"product": ""},
    {"features": None, "product": None, "os_session": None},
]


def test_strange_but_possible_names_are_served(client):
    key = make_single_user(len(STRANGE))

    for changes in STRANGE:
        response = post(client, json.dumps(order(key) | changes))
        assert response.status_code == 201, changes


WRONG_REFRESHES = [
    (b'{"idle_seconds": -1}', "/idle_seconds"),
    (b'{"idle_seconds": "1"}', "/idle_seconds"),
    (b'{"idle_seconds": true}', "/idle_seconds"),
    (b'{"idle_seconds": 123456789012345678901234567890}', "/idle_seconds"),
    (b'{"version": ""}', "/version"),
    (b'{"version": "x"}', "/version"),
    (b'{"machine_name": "CAD"}', "/machine_name"),
    (b"[]", ""),
    (b"{", ""),
]


def test_a_refresh_is_checked_as_well(client, pool):
    opened = post(client, json.dumps(order(pool))).json()

    def refresh(body):
        return client.generic(
            "POST",
            f"{SESSIONS}/{opened['id']}/refresh",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {opened['token']}"},
        )

    found = [(body, *pointers(refresh(body))) for body, _pointer in WRONG_REFRESHES]
    assert found == WRONG_REFRESHES
