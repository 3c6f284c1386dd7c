"""Who finds a weakness learns from the product whom to tell."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings as product


def fields(client):
    """The file's fields, by their names."""
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    return dict(line.split(": ", 1) for line in answer.text.splitlines())


def test_says_what_the_settings_say(client, settings):
    settings.SECURITY_CONTACT = "security@vendor.example"
    settings.SECURITY_POLICY_URL = "https://vendor.example/security"

    told = fields(client)

    expires = dt.datetime.fromisoformat(told.pop("Expires"))
    assert dt.timedelta(days=89) < expires - dt.datetime.now(dt.UTC) < dt.timedelta(days=91)
    assert told == {
        "Contact": "mailto:security@vendor.example",
        "Canonical": f"{settings.BASE_URL}/.well-known/security.txt",
        "Preferred-Languages": "en, de",
        "Policy": "https://vendor.example/security",
    }


def test_names_a_page_as_it_is_and_no_policy_that_there_is_not(client, settings):
    settings.SECURITY_CONTACT, settings.SECURITY_POLICY_URL = "https://vendor.example/report", ""

    told = fields(client)

    assert told["Contact"] == "https://vendor.example/report"
    assert "Policy" not in told


def test_the_policy_for_reports_names_it():
    assert "/.well-known/security.txt" in Path(product.BASE_DIR, "SECURITY.md").read_text()
