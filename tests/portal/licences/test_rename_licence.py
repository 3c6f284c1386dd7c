"""Renaming a licence."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import licences
from tests.factories import TESTER
from tests.pages import last_entry


def rename(browser, key, name):
    return browser.post(f"/licences/{key.licence_id}/rename/", {"name": name})


def test_calls_it_what_its_people_call_it(manager, pool):
    rename(manager, pool, " Planners ")

    pool.licence.refresh_from_db()
    assert pool.licence.name == "Planners"
    assert last_entry()[0] == "licence_renamed"


def test_a_name_is_needed(manager, pool):
    assert rename(manager, pool, " ").status_code == 422


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404), ("staff", 404)])
def test_others_may_not(request, who, status, pool):
    assert rename(request.getfixturevalue(who), pool, "Mine").status_code == status


def test_the_page_tells_how_the_limit_changed(viewer, pool):
    licences.set_seats(pool.licence, 8, by=TESTER)

    today = dt.datetime.now(dt.UTC).date()
    text = viewer.get(f"/licences/{pool.licence_id}/").text
    assert f'10 to 8 on <time datetime="{today}">{today:%-d %b}</time>' in text
