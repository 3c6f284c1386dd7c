"""Every list looks for so many words and no more, and says so."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.programs import ask
from tests.factories import make_api_token
from tests.people import signed_in
from tests.support.vendor import staff

LISTS = ["/sessions/", "/usage/denials/", "/people/", "/licences/", "/search/"]
WORDS = " ".join("ä" * length for length in range(1, 60))


@pytest.mark.parametrize("path", LISTS)
def test_twelve_words_are_looked_for_and_the_reader_told(owner, pool, path):
    with CaptureQueriesContext(connection) as asked:
        page = owner.get(path, {"q": WORDS})

    assert "Only the first 12 words are looked for." in page.text
    assert [query for query in asked.captured_queries if "ä" * 13 in query["sql"]] == []


def test_a_long_text_of_the_audit_log_is_cut_and_told(owner):
    page = owner.get("/audit/", {"who": "x" * 501})

    assert "Only the first 500 characters are looked for." in page.text


@pytest.mark.parametrize("path", ["sessions", "denials", "people", "licences"])
def test_a_program_is_refused_what_would_be_left_out(client, account, path):
    answer = ask(client, make_api_token(account), path, q=WORDS)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/q")


def test_the_admin_looks_for_twelve_words_too(db):
    browser = signed_in(staff(is_superuser=True))

    for table in ("clientsession", "denial"):
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(f"/admin/licensing/{table}/", {"q": WORDS})

        assert "Only the first 12 words are looked for." in page.text
        assert [query for query in asked.captured_queries if "ä" * 13 in query["sql"]] == []
