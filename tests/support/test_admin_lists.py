"""A list costs the same number of queries whatever it shows, and is never counted to its end."""

from __future__ import annotations

import pytest

from support.admin import tables
from tests.factories import make_pool, make_session

# Session, user and membership, the bounded count, the rows; for licences the products to filter by.
QUERIES = {"clientsession": 5, "licence": 6, "productkey": 5, "account": 5, "auditentry": 5}


@pytest.mark.census
@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("table", QUERIES)
def test_list(superuser, django_assert_num_queries, table, rows):
    for _ in range(rows):
        make_session(make_pool())

    with django_assert_num_queries(QUERIES[table]):
        superuser.get(f"/admin/licensing/{table}/")


def test_a_long_list_says_that_there_is_more(support, monkeypatch):
    monkeypatch.setattr(tables, "MOST_COUNTED", 2)
    for _ in range(3):
        make_session(make_pool())

    page = support.get("/admin/licensing/clientsession/").text

    assert "More than 2 client sessions" in page


def test_no_filter_offers_to_count(support, pool):
    make_session(pool)

    assert "Show counts" not in support.get("/admin/licensing/clientsession/").text
