"""The vendor's support and its auditors, from the search box to the audit entry."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from licensing import alm, imports
from licensing.models import ClientSession
from licensing.models.imports import Source
from tests.factories import TESTER, UserFactory, make_pool, make_session

REASON = "On holiday, with the program open."


@pytest.fixture
def desk(page, estate, sign_in):
    """Opens the console as a new member of a group: ``desk("Support")``."""

    def by_group(group):
        user = UserFactory(name="Anna Kowalski", email="anna@vendor.example", is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        sign_in(page, user)
        page.open("/support/")
        return page

    return by_group


def find(page, words):
    """Look for what a caller reads out."""
    page.fill("What the caller reads out", words)
    page.press("Find")


def test_one_finds_the_account_and_acts_beside_what_it_has(desk, estate):
    """From the account's page to each of its tabs, and back to it from an act."""
    page = desk("Support")
    find(page, "brook & co")
    assert page.heading == "Brook & Co"

    page.follow("Sessions")
    page.row("CAD-017").follow("Release")
    page.press(f"Release: {REASON}")
    page.follow("Sessions of Brook & Co")
    assert page.heading == "Brook & Co"
    page.follow("Those that gave it back")
    assert "Released" in page.row("CAD-017")
    page.follow("Audit")
    assert REASON in page.main


def test_an_auditor_finds_everything_and_no_button(desk, estate):
    page = desk("Auditor")
    find(page, "cad-017")

    assert page.main.parts(".//button") == []
    assert page.main.parts(".//*[@class='actions']//a") == []
    assert ClientSession.objects.active().filter(pk=estate.jsmith.pk).exists()


def test_support_tells_what_was_refused_and_releases_who_is_away(desk, estate, client):
    """From the reference that a program's message shows to a seat for who was refused."""
    pool = make_pool(1, account=estate.account, name="Leeds planners")
    away = make_session(pool, refreshed=pool.licence.refresh_after * 4)
    wanted = {"serial_number": pool.serial_number, "product_key": pool.plain, "version": "16"}
    told = client.post(
        "/api/v1/sessions",
        wanted | {"machine_name": "CAD-099", "username": "J. Smith"},
        content_type="application/json",
    ).json()

    page = desk("Support")
    find(page, f"Reference: {told['request_id']}")
    assert page.heading == "Session look-up"
    assert "Leeds planners had 1 of 1 in use." in page.main
    page.follow(f"Release: {away.machine_name}")
    page.press(f"Release: {REASON}")
    assert f"Released the licence held by {away}." in page

    page.follow("Look-up")
    page.fill("Reference, session id or user", "j. smith cad-099")
    page.press("Look up")
    assert "Now 0 of 1 are in use." in page.main


def test_sales_leave_an_import_and_find_it_again(desk, estate, monkeypatch):
    monkeypatch.setattr(imports, "ROWS_OF_A_PIECE", 1)
    page = desk("Sales")
    planned = alm.plan(
        "Brook & Co", b"server,product,licences\nA,asta-powerproject,1\nB,asta-powerproject,2\n"
    )
    why = {"by": TESTER, "reason": "The move"}
    imports.begin(estate.account, Source.ALM, alm.rows_of(planned), alm.counts_of(planned), **why)

    find(page, "brook & co")
    assert "An import is running: 0 of 2 rows are done." in page
    page.follow("How far it is")
    assert "Running" in page
    imports.carry_on()
    page.follow("Look again")
    assert "2 of 2" in page.main.text
    page.row("B").follow("B")
    assert page.heading == "B"
