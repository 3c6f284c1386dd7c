"""The desk in a browser: a list that it reads in."""

from __future__ import annotations

import csv

from playwright.sync_api import expect

from licensing.models import Licence
from tests.support.vendor import staff


def search(page, table, term):
    """Type into the box of the first page and press a table: what is alone there opens."""
    page.get_by_role("searchbox").fill(term)
    page.get_by_role("button", name=table, exact=True).click()


def read_entry(page):
    """Follow the message to the audit entry; its text."""
    page.get_by_role("link", name="Audit entry", exact=True).click()
    expect(page.locator("#main")).to_contain_text("Anna Kowalski <anna@vendor.example>")
    return page.locator("#main").inner_text()


def test_imports_an_alm_list_after_its_dry_run(page, estate, sign_in, complaints, tmp_path):
    product = estate.planners.licence.product.code
    sign_in(page, staff("Sales", name="Anna Kowalski", email="anna@vendor.example"))
    page.goto("/support/")
    search(page, "Accounts", "brook")
    page.get_by_role("link", name="Import an ALM list").click()
    check = page.get_by_role("button", name="Check what it does")
    page.get_by_label("ALM list", exact=True).set_input_files(alm_list(tmp_path, product, "many"))
    check.click()
    expect(page.locator("#main")).to_contain_text("Row 2: 'many' is not a number of licences.")
    check.click()  # without choosing it again
    expect(page.locator("#main")).to_contain_text("Row 2: 'many' is not a number of licences.")

    page.get_by_label("ALM list").set_input_files(alm_list(tmp_path, product, 7))
    check.click()
    expect(page.locator("#main")).to_contain_text("york-alm: 7 seats")
    assert not Licence.objects.filter(name="york-alm").exists()
    page.get_by_role("button", name="Import an ALM list: The move from ALM to the cloud.").click()

    expect(page.locator("#toasts")).to_contain_text("Issued 1 licence to Brook & Co.")
    assert Licence.objects.get(name="york-alm").seats == 7
    assert "issued" in read_entry(page)
    page.go_back()
    page.go_back()  # to the check, where the same list can't be imported again
    expect(page.locator("#main")).to_contain_text("Done: ")
    refused = [text for text in complaints if "422" not in text]  # the list with a bad row
    assert refused == []


def alm_list(folder, product, seats):
    """A customer's list of one row."""
    path = folder / "alm.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(
            [["server", "product", "licences"], ["york-alm", product, seats]]
        )
    return path


def test_an_account_answers_a_caller_before_it_tells_its_facts(page, estate, sign_in):
    sign_in(page, staff("Support"))
    page.goto(f"/support/accounts/{estate.account.pk}/sessions/")
    facts, tabs = page.locator("section:has(> * > #facts)"), page.locator("nav[aria-label=Tabs]")
    row = page.locator(".data-table td.cell-main").first
    user, machine = (row.locator(part).first for part in ("a, b", "small"))

    for width in (1280, 1024, 390):
        page.set_viewport_size({"width": width, "height": 900})
        are_beside = facts.bounding_box()["x"] < tabs.bounding_box()["x"]
        is_below = facts.bounding_box()["y"] > tabs.bounding_box()["y"]
        assert (are_beside, is_below) == ((True, False) if width == 1280 else (False, True))
        assert machine.bounding_box()["y"] > user.bounding_box()["y"]
