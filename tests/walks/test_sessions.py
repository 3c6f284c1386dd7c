"""Sessions are found, released together, put back, blocked and saved; denials and views."""

from __future__ import annotations

import csv
import io

import pytest

from licensing.models import ClientSession, Denial


def rows(page):
    """The sessions that the list shows."""
    return page.parts("//*[@data-session]")


@pytest.fixture
def smiths(page, estate, sign_in):
    """The list of those who are called Smith, as an owner sees it."""
    sign_in(page, estate.owner)
    page.open("/sessions/?sort=user&q=smith")
    return page


def test_a_release_is_undone(smiths, estate):
    page = smiths
    page.row("J. Smith").press("Release")
    assert rows(page) == []

    page.press("Undo")

    assert "Put back. 4 of 10 in use." in page.toasts
    assert len(rows(page)) == 1
    assert page.address == "/sessions/?sort=user&q=smith"
    assert ClientSession.objects.get(pk=estate.jsmith.pk).ended_at is None


def test_those_who_are_ticked_are_released_together(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.open("/sessions/?q=pool:planners&sort=user")
    before = len(rows(page))
    for box in page.element.xpath("//input[@name='chosen']")[:2]:
        box.checked = True

    page.press("Release selected")
    assert page.heading == "Release 2 sessions?"
    page.fill("Reason", "Left for the day")
    page.press("Release them")

    assert "Released 2 sessions." in page.toasts
    assert len(rows(page)) == before - 2
    assert page.address == "/sessions/?q=pool%3Aplanners&sort=user"


def test_somebody_is_blocked_and_the_list_comes_back(smiths, estate):
    page = smiths
    page.follow("Details")
    assert page.heading == "J. Smith on CAD-017"
    assert page.main.has("Release")

    page.follow("Block this user or machine")
    page.follow("Cancel")
    page.follow("Block this user or machine")
    page.fill("Reason", "Left the company")
    page.press("Release and block")

    assert "J. Smith can't take a seat from now on." in page.toasts
    assert (page.address, rows(page)) == ("/sessions/?sort=user&q=smith", [])
    estate.jsmith.refresh_from_db()
    assert estate.jsmith.end_reason == "released"


def test_the_view_is_saved_as_a_file(page, estate, sign_in):
    sign_in(page, estate.viewer)
    page.open("/sessions/?q=smith")

    page.unfold("Export")
    page.press("CSV, with commas")

    assert 'filename="brook-co-sessions-' in page.file["Content-Disposition"]
    text = page.file.getvalue().decode("utf-8-sig")
    assert [row["User"] for row in csv.DictReader(io.StringIO(text))] == ["J. Smith"]


def test_a_session_is_found_by_tokens(page, estate, sign_in):
    sign_in(page, estate.viewer)
    page.open("/sessions/")
    everybody = estate.account.sessions.active().count()
    assert len(rows(page)) == everybody

    look_for(page, 'user:smith pool:"London planners" site:york')
    assert "No filter called 'site'." in page
    assert "No sessions match." in page
    look_for(page, 'user:smith pool:"London planners"')
    [row] = rows(page)
    assert "CAD-017" in row

    page.follow("user:smith")
    assert len(rows(page)) == 4
    page.follow("Clear")
    assert len(rows(page)) == everybody


def look_for(page, words):
    """Search in the list."""
    page.main.fill("Search people, machines, licences", words)
    page.press("Show")


def test_who_was_refused_is_found(page, estate, sign_in):
    denial = Denial.objects.get()
    sign_in(page, estate.viewer)
    page.open("/usage/denials/")
    page.row(denial.username)

    page.main.fill("Reason", "Bound to another device")
    page.press("Show")
    assert "No denials match." in page
    page.follow("Clear filters")
    page.main.fill("Search", denial.machine_name)
    page.main.unfold("Any licence")
    page.main.tick("Tender office")
    page.main.fill("Reason", "All seats in use")
    page.press("Show")

    assert "1 of 1" in page.row(denial.username)


def views(page):
    """The views above the list."""
    [views] = page.parts("//nav[@aria-label='Saved views']")
    return views


def test_a_view_is_saved_renamed_shared_and_deleted(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.open("/sessions/?q=smith")
    page.follow("Save view")
    page.fill("Name", "Smiths")
    page.press("Save view")
    assert "Saved as “Smiths”." in page.toasts

    page.open("/sessions/")
    views(page).follow("Smiths")
    assert len(rows(page)) == 1
    assert "Smiths" in views(page).parts(".//*[@aria-current]")[0]
    page.follow("Rename view")
    page.fill("Name", "All Smiths")
    page.tick("Share with the account")
    page.press("Rename view")
    assert "Saved." in page.toasts

    page.follow("Delete view")
    assert "nobody of this account has it any more" in page
    page.press("Delete view")
    assert "The view “All Smiths” is deleted." in page.toasts
    assert not views(page).has("All Smiths")


def test_a_shared_view_is_seen_by_a_viewer(page, estate, sign_in):
    sign_in(page, estate.viewer)

    page.open("/sessions/")

    assert views(page).has(estate.view.name)


def headings(page):
    """The columns of the first list."""
    return [one.text for one in page.parts("(//table)[1]//th")]


def test_columns_are_chosen_kept_and_as_at_first_again(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.open("/licences/?q=planners")
    at_first = headings(page)
    menu = first_menu(page)
    menu.field("Ends").checked = False

    menu.press("Apply")
    assert [one for one in at_first if one not in headings(page)] == ["Ends"]
    page.open("/licences/?q=planners")
    assert "Ends" not in headings(page)
    first_menu(page).press("Reset")

    assert headings(page) == at_first


def first_menu(page):
    """The menu of the first list's columns, open."""
    [menu] = page.parts("(//*[contains(@class, 'columns-menu')])[1]")
    menu.unfold("Columns")
    return menu
