"""The vendor's support and its auditors, from the search box to the audit entry."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group

from licensing import errors, sessions
from licensing.models import ClientSession
from tests.factories import UserFactory

REASON = "On holiday, with the program open."


@pytest.fixture
def desk(page, estate, sign_in):
    """Opens the records as a new member of a group: ``desk("Support")``."""

    def by_group(group):
        user = UserFactory(name="Anna Kowalski", email="anna@vendor.example", is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        sign_in(page, user)
        page.open("/admin/")
        return page

    return by_group


def find_session(page, term):
    """Open the sessions from the list of all tables, search, and open what is found."""
    [table] = page.parts("//table//a[.='Client sessions'][contains(@href, '/clientsession/')]")
    page.open(table.element.get("href"))
    page.open(f"?{urlencode({'q': term})}")
    page.open(page.parts("//*[@id='result_list']//tbody//th//a")[0].element.get("href"))


def test_support_releases_a_session(desk, estate):
    page = desk("Support")
    find_session(page, "j. smith cad-017")
    assert "London planners: 4 of 10 in use now, 3 after." in page
    page.press(f"Release: {REASON}")

    assert "Released the licence held by J. Smith on CAD-017." in page
    page.follow("Audit entry")
    for words in ("Anna Kowalski <anna@vendor.example>", "session_released", REASON):
        assert words in page
    with pytest.raises(errors.SessionReleased):
        sessions.refresh(estate.jsmith.pk)


def test_an_auditor_finds_everything_and_no_button(desk, estate):
    page = desk("Auditor")
    find_session(page, "cad-017")

    tools = page.parts("//*[contains(@class, 'object-tools')]//a")
    assert [tool.text for tool in tools] == ["Audit entries"]
    assert ClientSession.objects.active().filter(pk=estate.jsmith.pk).exists()
