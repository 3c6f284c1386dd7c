"""Over plain HTTP nothing is done: pages lead to HTTPS, the APIs refuse."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from licensing.models import ClientSession
from tests.api.desktop import SESSIONS, order
from tests.factories import make_api_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(settings):
    """Somebody who asks a product that is at home at an https:// address."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.TRUSTED_PROXY_COUNT = 1
    return Client()


def test_a_check_out_in_the_clear_is_refused_and_not_redirected(client, pool):
    response = client.post(SESSIONS, order(pool), content_type="application/json")

    assert (response.status_code, response.json()["code"]) == (403, "https_required")
    assert "Location" not in response
    assert not ClientSession.objects.exists()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", f"{SESSIONS}/0199/refresh"),
        ("delete", f"{SESSIONS}/0199"),
        ("get", "/api/v1/account/licences"),
        ("post", "/api/v1/account/sessions/0199/release"),
    ],
)
def test_whatever_takes_a_token_refuses(client, pool, method, path):
    token = make_api_token(pool.licence.account)

    response = getattr(client, method)(path, headers={"Authorization": f"Bearer {token.plain}"})

    assert (response.status_code, response.json()["code"]) == (403, "https_required")
    assert token.plain not in response.text


@pytest.mark.parametrize(
    "path", ["//api/v1/sessions", "/API/v1/sessions", "/api/v2/sessions", "/api"]
)
def test_so_does_an_address_that_is_wrong(client, pool, path):
    response = client.generic("POST", "/", json.dumps(order(pool)), PATH_INFO=path)

    assert (response.status_code, response.json()["code"]) == (403, "https_required")
    assert "Location" not in response


def test_the_proxys_word_counts(client, pool):
    for scheme, status in (("https", 201), ("http", 403)):
        headers = {"X-Forwarded-Proto": scheme}
        response = client.post(
            SESSIONS, order(pool), content_type="application/json", headers=headers
        )
        assert response.status_code == status


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/api/v1/docs/", "/static/favicon.svg"])
def test_pages_lead_to_https(client, path):
    response = client.get(path)

    assert (response.status_code, response["Location"]) == (301, f"https://testserver{path}")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_load_balancers_may_ask_in_plain_http(client, path):
    assert client.get(path).status_code == 200
