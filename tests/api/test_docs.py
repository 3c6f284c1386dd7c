"""/api/v1/docs/: readable by the people who build clients, with nothing from elsewhere."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders

PAGES = ["/api/v1/docs/", "/api/v1/docs/problems/"]


@pytest.mark.parametrize("page", PAGES)
def test_strangers_may_read_it(client, page):
    response = client.get(page)

    assert response.status_code == 200
    assert "'unsafe-inline'" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("page", PAGES)
def test_holds_no_script_or_style_of_its_own(client, page):
    html = client.get(page).text

    assert re.findall(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", html) == []


@pytest.mark.parametrize("page", PAGES)
def test_loads_only_what_is_served_here(client, page):
    html = client.get(page).text

    loaded = re.findall(r'<(?:script|link|img)\b[^>]*\b(?:src|href)="([^"#]+)', html)
    files = [address for address in loaded if not address.startswith("/api/v1/docs/")]
    assert files
    assert [file for file in files if not finders.find(file.removeprefix("/static/"))] == []


def test_starts_the_reader_with_a_script_of_ours(client):
    response = client.get("/api/v1/docs/?script=")

    assert response.headers["Content-Type"].startswith("application/javascript")
    assert "/api/v1/schema/" in response.text
