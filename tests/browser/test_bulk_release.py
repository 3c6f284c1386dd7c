"""Choosing sessions and releasing them together, and undoing a release."""

from __future__ import annotations

from playwright.sync_api import expect

from licensing.models import ClientSession


def release_button(page, session):
    row = page.locator(f"[data-session='{session.pk}']")
    return row.get_by_role("button", name="Release", exact=True)


def test_undoes_a_release(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/sessions/?sort=user&q=smith")
    release_button(page, estate.jsmith).click()

    page.get_by_role("button", name="Undo").click()

    expect(page.locator("#toasts")).to_contain_text("Put back. 4 of 10 in use.")
    expect(page.locator(f"[data-session='{estate.jsmith.pk}']")).to_have_count(1)
    assert page.url.partition("#")[0].endswith("/sessions/?sort=user&q=smith")
    assert ClientSession.objects.get(pk=estate.jsmith.pk).ended_at is None


def test_the_bar_says_how_many_copies_their_machines_and_goes_away(page, context, estate, sign_in):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, estate.owner)
    page.goto("/sessions/")
    bar = page.locator("bulk-bar")
    expect(bar).to_be_hidden()
    boxes = page.locator("[name=chosen]")

    boxes.nth(0).check()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(bar).to_contain_text("3 selected")

    page.get_by_role("button", name="Clear selection").click()
    expect(bar).to_be_hidden()
    page.get_by_label("Select this page").check()
    expect(bar).to_contain_text(f"{boxes.count()} selected")
    page.get_by_label("Select this page").uncheck()
    expect(bar).to_be_hidden()
    page.locator(f"#choose-{estate.jsmith.pk}").check()
    page.get_by_role("button", name="Copy machine names").click()
    expect(bar).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "CAD-017"
