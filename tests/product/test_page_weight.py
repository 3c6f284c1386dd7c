"""How much a browser loads: a page with all its parts the first time, the page alone after that."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests.factories import make_client, make_pool, make_session

FIRST_LOAD_KB, LATER_PAGE_KB = 133, 25
PARTS = re.compile(r'<(?:script src|link rel="(?:stylesheet|icon)" href)="/static/([^"]+)"')
IMPORTS = re.compile(r'from "\./([^"]+)"')


@pytest.fixture
def busy_pool(account):
    """More sessions in one pool than a page shows."""
    planners = make_pool(60, account=account, name="London planners", features=["bim", "4d"])
    for number in range(60):
        make_session(planners, make_client(username=f"ACME\\planner{number}"))
    return planners.licence


def test_is_light(owner, busy_pool):
    heavy = {}

    for path in ("/", "/licences/", f"/licences/{busy_pool.pk}/", "/sessions/", "/people/"):
        page = owner.get(path).content
        first_load = kilobytes(page) + sum(map(kilobytes, parts_of(page.decode())))
        if kilobytes(page) > LATER_PAGE_KB or first_load > FIRST_LOAD_KB:
            heavy[path] = (kilobytes(page), first_load)

    assert heavy == {}


def kilobytes(content):
    """What the content weighs on its way."""
    return len(gzip.compress(content)) / 1000


def parts_of(page):
    """The style sheets, scripts, icons and sprite that the page loads."""
    names = set(PARTS.findall(page))
    assert len(names) > 8, "the page's parts are written in another way"
    files = {Path(finders.find(name)) for name in names | {"icons.svg"}}
    files |= {file.parent / name for file in files for name in imported_by(file)}
    return [file.read_bytes() for file in files]


def imported_by(file):
    """The modules that a script imports."""
    return IMPORTS.findall(file.read_text()) if file.suffix == ".js" else []
