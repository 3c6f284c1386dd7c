"""What processes load at their start: each megabyte is there once for each."""

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

NEEDS_NO_PAGE = {
    "command": "from config.command_line import manage; manage(['', 'list_sessions', '1'])",
    "beat": "import os; os.environ['CELERY_SKIP_CHECKS'] = 'as --skip-checks has it'\n"
    "from config.celery import app; app.loader.init_worker()",
}
"""The starts of processes that answer no page; the command may leave for want of a database."""


@pytest.mark.slow
def test_a_web_server_starts_without_what_is_seldom_used():
    made = subprocess.run(
        [sys.executable, "-c", STARTS], check=True, capture_output=True, text=True
    )
    loaded = set(made.stdout.split())

    assert {"django", "portal", "cryptography"} <= loaded
    assert not SELDOM_USED & loaded


@pytest.mark.slow
@pytest.mark.parametrize("start", NEEDS_NO_PAGE.values(), ids=NEEDS_NO_PAGE)
def test_who_answers_no_page_reads_none(start):
    tell = "import atexit, sys; atexit.register(lambda: print('read:', *sys.modules))\n"

    made = subprocess.run([sys.executable, "-c", tell + start], capture_output=True, text=True)
    loaded = set(made.stdout.partition("read:")[2].split())

    assert {"portal.models", "licensing.tasks"} & loaded
    assert not {"config.urls", "portal.urls", "support.admin", "support.console"} & loaded
