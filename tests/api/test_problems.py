"""What goes wrong, as HTTP: one status and one code for each outcome (RFC 9457)."""

from __future__ import annotations

import logging

import pytest
from django.contrib.auth.decorators import login_not_required
from django.test import Client
from django.urls import include, path
from rest_framework.views import APIView

from licensing import errors
from licensing.api import problems
from licensing.errors import LicensingError
from tests.api.desktop import close, open_session

CONTRACT = {
    "request_invalid": (400, False),
    "token_invalid": (401, False),
    "key_invalid": (403, False),
    "key_superseded": (403, False),
    "key_revoked": (403, False),
    "licence_suspended": (403, False),
    "licence_closed": (403, False),
    "licence_not_started": (403, False),
    "licence_expired": (403, False),
    "version_not_supported": (403, False),
    "product_mismatch": (403, False),
    "feature_not_licensed": (403, False),
    "access_blocked": (403, False),
    "session_unknown": (404, False),
    "pool_exhausted": (409, True),
    "device_limit": (409, False),
    "not_single_user": (409, False),
    "session_released": (410, True),
    "session_ended": (410, True),
    "rate_limited": (429, True),
    "service_unavailable": (503, True),
}


class CrashView(APIView):
    """Makes a mistake that no caller may learn anything of."""

    def get(self, request):
        raise ZeroDivisionError("secret details")


@login_not_required
def crash(request):
    """As CrashView, for a page."""
    raise ZeroDivisionError("secret details")


urlpatterns = [
    path("api/v1/crash", CrashView.as_view()),
    path("crash/", crash),
    path("", include("config.urls")),
]
handler500 = "config.errors.server_error"


def all_errors():
    """Every outcome that a caller treats differently."""
    return LicensingError.__subclasses__()


def test_every_error_has_a_status():
    assert set(problems.STATUS) == set(all_errors())


def test_every_error_has_a_code_of_its_own():
    codes = [error.code for error in all_errors()]

    assert len(codes) == len(set(codes))


def test_codes_have_the_statuses_that_clients_know():
    answered = {kind.code: (status, kind.retryable) for kind, status in problems.STATUS.items()}

    assert {code: answered[code] for code in CONTRACT} == CONTRACT


@pytest.mark.parametrize(
    ("kind", "header", "value"),
    [
        (errors.TokenInvalid, "WWW-Authenticate", "Bearer"),
        (errors.PoolExhausted, "Retry-After", "30"),
        (errors.RateLimited, "Retry-After", "60"),
        (errors.ServiceUnavailable, "Retry-After", "10"),
        (problems.RequestTooSlow, "Retry-After", "10"),
    ],
)
def test_some_answers_say_what_to_do_in_a_header(rf, kind, header, value):
    request = rf.get("/")
    request.request_id = "0123456789abcdef"

    assert problems.respond(request, kind()).headers[header] == value


@pytest.mark.parametrize(
    "address",
    [
        "/api",
        "/api/",
        "//api",
        "//api/v1/sessions",
        "/api//v1/sessions",
        "/API/v1/sessions",
        "/api/v1",
        "/api/v1/nothing",
        "/api/v2/sessions",
        "/api/v1/sessions/",
        "/api/v1/account",
        "/api/v1/sessions/a/b",
        "/api/v1/sessions/\0/\xff/x",
        "/.well-known/x",
    ],
)
def test_an_unknown_address_is_a_problem_too(client, address):
    response = client.get("/", PATH_INFO=address)  # else // would begin a host's name

    problem = response.json()
    assert problem.pop("server_time")
    assert problem == {
        "type": "http://testserver/api/v1/docs/problems/#not_found",
        "title": "Not found",
        "status": 404,
        "detail": "There is nothing at this address.",
        "code": "not_found",
        "retryable": False,
        "request_id": response.headers["X-Request-Id"],
    }
    assert (response.status_code, response.headers["Content-Type"]) == (
        404, "application/problem+json",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("GET", "/api/v1/sessions", "POST"),
        ("HEAD", "/api/v1/sessions", "POST"),
        ("OPTIONS", "/api/v1/sessions", "POST"),
        ("PUT", "/api/v1/sessions", "POST"),
        ("GET", "/api/v1/sessions/x", "DELETE"),
        ("GET", "/api/v1/sessions/x/refresh", "POST"),
        ("POST", "/.well-known/jwks.json", "GET"),
        ("POST", "/api/v1/schema/", "GET"),
        ("PUT", "/api/v1/docs/", "GET"),
        ("POST", "/api/v1/docs/problems/", "GET"),
        ("POST", "/healthz", "GET"),
    ],
)
def test_a_wrong_method_is_a_problem_too(client, method, address, allowed):
    response = client.generic(method, address)

    assert response.status_code == 405
    assert response.headers["Content-Type"] == "application/problem+json"
    assert allowed in response.headers["Allow"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("address", ["/api", "//api/v1/sessions", "/api/v1/docs", "/api/v1/x"])
def test_a_wrong_address_is_one_for_every_method(method, address):
    browser = Client(enforce_csrf_checks=True)

    response = browser.generic(method, "/", PATH_INFO=address)

    assert (response.status_code, response.headers["Content-Type"]) == (
        404, "application/problem+json",
    )  # fmt: skip


def test_too_many_parameters_are_a_problem_too(client, pool):
    opened = open_session(client, pool)

    response = close(client, opened, **{f"a{number}": "1" for number in range(1001)})

    assert (response.status_code, response.json()["code"]) == (400, "request_invalid")


@pytest.mark.parametrize("accept", ["text/html", "application/yaml", "x", "*/*;q=0"])
def test_the_description_comes_in_its_one_form_whatever_is_asked_for(client, accept):
    response = client.get("/api/v1/schema/", headers={"Accept": accept})

    assert response.json()["openapi"]


def test_a_host_name_that_is_not_ours_is_a_wrong_address(client):
    response = client.get("/api/v1/schema/", headers={"Host": "elsewhere.example"})

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.urls("tests.api.test_problems")
def test_a_mistake_of_ours_tells_nothing_but_is_logged(client, caplog):
    client.raise_request_exception = False

    with caplog.at_level(logging.ERROR):
        response = client.get("/api/v1/crash")

    problem = response.json()
    assert (response.status_code, problem["code"]) == (500, "internal_error")
    assert problem["request_id"] == response.headers["X-Request-Id"]
    assert "secret" not in response.text
    assert "ZeroDivisionError: secret details" in caplog.text


@pytest.mark.urls("tests.api.test_problems")
def test_a_page_that_crashes_names_the_request(client):
    client.raise_request_exception = False

    response = client.get("/crash/")

    assert response.status_code == 500
    assert response.headers["Content-Type"].startswith("text/html")
    assert response.headers["X-Request-Id"] in response.text
    assert "secret" not in response.text


@pytest.mark.parametrize("code", CONTRACT)
def test_every_code_is_explained_at_its_address(client, code):
    assert f'id="{code}"' in client.get("/api/v1/docs/problems/").text
