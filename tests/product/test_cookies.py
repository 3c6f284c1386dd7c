"""Cookies: with HTTPS they are this host's alone; the settings know the names of all of them."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from django.conf import settings as product

from tests.factories import PASSWORD

NAMES = ("SESSION", "CSRF", "LANGUAGE", "THEME", "KEPT_FORM", "ACTED")


@pytest.fixture
def by_https(monkeypatch):
    """The product's settings where people come by HTTPS."""
    monkeypatch.setenv("BASE_URL", "https://licensing.test")
    monkeypatch.setenv("ALLOWED_HOSTS", "licensing.test")
    return runpy.run_path(str(Path(product.BASE_DIR, "config/settings.py")))


def test_are_secure_and_tied_to_the_host_by_https(by_https):
    for name in NAMES:
        assert by_https[f"{name}_COOKIE_NAME"].startswith("__Host-"), name
        assert by_https[f"{name}_COOKIE_SECURE"], name
        assert by_https.get(f"{name}_COOKIE_DOMAIN") is None, name
        assert by_https.get(f"{name}_COOKIE_PATH", "/") == "/", name


def test_all_that_are_set_have_such_a_name(by_https, settings, client, owner):
    for name in NAMES:
        for what in ("NAME", "SECURE"):
            setattr(settings, f"{name}_COOKIE_{what}", by_https[f"{name}_COOKIE_{what}"])

    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": "priya@example.com", "password": PASSWORD})
    client.post("/theme/", {"theme": "dark"})
    client.post("/language/", {"language": "de"})

    cookies = client.cookies.values()
    assert {cookie.key for cookie in cookies} >= {"__Host-sessionid", "__Host-theme"}
    for cookie in cookies:
        assert cookie.key.startswith("__Host-")
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
    assert client.get("/").context["theme"] == "dark"


def test_the_page_s_script_knows_the_theme_s_name(by_https):
    script = Path(product.BASE_DIR, "static/js/theme.js").read_text()

    pattern = re.search(r"/(\(\?:\^\|; \).*)/\.exec", script)[1]
    for name in (product.THEME_COOKIE_NAME, by_https["THEME_COOKIE_NAME"]):
        assert re.search(pattern, f"a=b; {name}=dark")[1] == "dark"
