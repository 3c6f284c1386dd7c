"""One's own page, and in which time zone times are told."""

from __future__ import annotations

import pytest

from licensing import audit
from licensing.models import AuditEntry
from portal.models import User
from portal.words import zones
from tests.factories import TESTER
from tests.pages import last_entry, said, told
from tests.portal.people.forms import PROFILE


@pytest.fixture
def priya(owner):
    return User.objects.get(email="priya@example.com")


def shown_zone(browser):
    """What the foot of a page says."""
    return browser.get("/licences/").text.rpartition("Times are in ")[2].partition("<")[0].strip()


def test_a_name_is_changed_for_everybody(owner, priya):
    for name in ("Priya Shah", "Priya Shah-Reed"):
        response = owner.post("/profile/", PROFILE | {"name": name})

    priya.refresh_from_db()
    assert (priya.name, said(response)[-1]) == ("Priya Shah-Reed", ("success", "Saved."))
    assert told() == "Priya Shah is called Priya Shah-Reed from now on."


def test_the_theme_is_kept_in_the_browser(owner):
    response = owner.post("/profile/", PROFILE | {"theme": "dark"})

    assert response.cookies["theme"].value == "dark"


def test_the_language_is_kept_for_pages_and_mails(owner, priya):
    owner.post("/profile/", PROFILE | {"language": "de"})

    priya.refresh_from_db()
    assert priya.language == "de"
    assert owner.get("/profile/")["Content-Language"] == "de"


@pytest.mark.parametrize("wrong", [{"name": ""}, {"time_zone": "Mars/Base"}, {"theme": "pink"}])
def test_refuses_what_is_wrong(owner, priya, wrong):
    response = owner.post("/profile/", PROFILE | {"name": "Else"} | wrong)

    priya.refresh_from_db()
    assert (response.status_code, priya.name) == (422, "Priya Shah")


def test_times_are_in_the_accounts_zone_until_the_person_chooses(owner, account):
    zones.set_of_account(account, "Europe/Berlin", by=TESTER)
    before = shown_zone(owner)

    owner.post("/profile/", PROFILE | {"time_zone": "Asia/Tokyo"})

    assert (before, shown_zone(owner)) == ("Europe/Berlin (CET)", "Asia/Tokyo (JST)")


def test_an_owner_changes_the_accounts_zone(owner, account):
    owner.post("/settings/time-zone/", {"time_zone": "Asia/Tokyo", "reason": "We moved"})

    account.refresh_from_db()
    assert account.time_zone == "Asia/Tokyo"
    assert last_entry() == (
        "time_zone_changed",
        "We moved",
        "Priya Shah <priya@example.com>",
    )


def test_the_same_zone_again_changes_nothing(account):
    changed = zones.set_of_account(account, account.time_zone, by=audit.SYSTEM)

    assert (changed, AuditEntry.objects.exists()) == (False, False)


def test_managers_change_no_zone_but_their_own(manager, account):
    assert manager.post("/settings/time-zone/", {"time_zone": "Asia/Tokyo"}).status_code == 403
    assert manager.get("/profile/").status_code == 200


def test_staff_without_an_account_have_a_profile(staff):
    assert staff.get("/profile/").status_code == 200


def test_who_asks_for_more_time_has_it_on_every_page(owner):
    assert "data-more-time" not in owner.get("/sessions/").text

    owner.post("/profile/", PROFILE | {"has_more_time": "on"})

    assert "data-more-time" in owner.get("/sessions/").text
