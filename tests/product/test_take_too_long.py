"""A page whose statement takes too long is stopped, and says so."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.db import connection

from tests.product import every_url

SLOW = "SELECT pg_sleep(60)"


@pytest.fixture
def slow(db):
    """Every statement about denials takes a minute, and statements may take a moment."""

    def wait_first(execute, sql, params, many, context):
        asked = (SLOW, None) if "licensing_everydenial" in sql else (sql, params)
        return execute(*asked, many, context)

    with every_url.rolled_back():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '50ms'")
        with connection.execute_wrapper(wait_first):
            yield


@pytest.fixture
def owner(owner):
    owner.raise_request_exception = False
    return owner


def test_a_list_says_so_and_keeps_what_was_asked(owner, slow):
    page = owner.get("/usage/denials/?q=smith&days=90")

    assert page.status_code == 503
    assert "Narrow it down" in page.text
    assert '<input type="text" id="q" name="q" value="smith">' in page.text
    assert '<input type="hidden" name="days" value="90">' in page.text


def test_a_change_says_that_nothing_was_changed(owner, slow):
    page = owner.post("/usage/denials/export/?q=smith", {"format": "csv"})

    assert page.status_code == 503
    assert "nothing was changed" in page.text


def test_the_web_alone_has_the_short_limit():
    program = """if True:
        import sys, types
        from django.core import wsgi
        wsgi.get_wsgi_application = lambda: None  # the settings are enough, and read sooner
        sys.modules["config.door"] = types.SimpleNamespace(
            Door=lambda calls: None, HOT=(), HEALTH=()
        )
        import config.wsgi
        from django.conf import settings
        print(settings.DATABASES)
        """

    web = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert "statement_timeout=5000" in web.stdout, web.stderr
    assert "statement_timeout=60000" in connection.settings_dict["OPTIONS"]["options"]
