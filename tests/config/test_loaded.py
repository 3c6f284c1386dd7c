"""What a worker of the web server loads at its start: each megabyte is there once for each."""

from __future__ import annotations

import subprocess
import sys

import pytest

STARTS = """
import sys
from django.urls import get_resolver
import config.rsgi
get_resolver().url_patterns, get_resolver()._populate()
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
SELDOM_USED = {
    "dns",
    "httpx",
    "icalendar",
    "openpyxl",
    "prometheus_client",
    "pyarrow",
}
"""Packages that are loaded where somebody wants what they do."""


@pytest.mark.slow
def test_a_web_server_starts_without_what_is_seldom_used():
    made = subprocess.run(
        [sys.executable, "-c", STARTS], check=True, capture_output=True, text=True
    )
    loaded = set(made.stdout.split())

    assert {"django", "portal", "cryptography"} <= loaded
    assert not SELDOM_USED & loaded
