"""Choosing sessions and releasing them together, and undoing a release."""

from __future__ import annotations

from playwright.sync_api import expect

from licensing.models import ClientSession


def release_button(page, session):
    row = page.locator(f"[data-session='{session.pk}']")
    return row.get_by_role("button", name="Release", exact=True)


def test_releases_what_was_ticked_without_scripts(new_context, estate, sign_in):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, estate.owner)
    page.goto("/sessions/?q=pool:planners&sort=user")
    before = page.locator("[data-session]").count()

    for box in page.locator("[name=chosen]").all()[:2]:
        box.check()
    page.get_by_role("button", name="Release selected").click()
    expect(page.get_by_role("heading", name="Release 2 sessions?")).to_be_visible()
    page.get_by_role("textbox", name="Reason").fill("Left for the day")
    page.get_by_role("button", name="Release them").click()

    expect(page.locator("#toasts")).to_contain_text("Released 2 sessions.")
    expect(page.locator("[data-session]")).to_have_count(before - 2)
    assert page.url.endswith("/sessions/?q=pool%3Aplanners&sort=user")


def test_undoes_a_release(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/sessions/?sort=user&q=smith")
    release_button(page, estate.jsmith).click()

    page.get_by_role("button", name="Undo").click()

    expect(page.locator("#toasts")).to_contain_text("Put back. 4 of 10 in use.")
    expect(page.locator(f"[data-session='{estate.jsmith.pk}']")).to_have_count(1)
    assert page.url.partition("#")[0].endswith("/sessions/?sort=user&q=smith")
    assert ClientSession.objects.get(pk=estate.jsmith.pk).ended_at is None


def test_the_bar_says_how_many_and_goes_away(page, estate, sign_in):
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


def test_copies_the_names_of_the_machines_that_are_ticked(page, context, estate, sign_in):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, estate.owner)
    page.goto("/sessions/")
    page.locator(f"#choose-{estate.jsmith.pk}").check()

    page.get_by_role("button", name="Copy machine names").click()

    expect(page.locator("bulk-bar")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "CAD-017"
