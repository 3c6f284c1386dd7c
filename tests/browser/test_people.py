"""Inviting people and changing roles, in a browser with scripts and in one without."""

from __future__ import annotations

from playwright.sync_api import expect


def test_invites_two_after_a_typing_error(page_of_either, estate, sign_in):
    page = page_of_either
    sign_in(page, estate.owner)
    page.goto("/people/")

    page.get_by_role("link", name="Invite people").click()
    page.get_by_label("E-mail addresses").fill("ann@example.com, bob")
    page.get_by_label("Manager").check()
    page.get_by_label("Your message").fill("See you on Monday.")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text("“bob” is not an e-mail address.").first).to_be_visible()
    assert page.get_by_label("Your message").input_value() == "See you on Monday."
    page.get_by_label("E-mail addresses").fill("ann@example.com, bob@example.com")
    page.get_by_role("button", name="Send invitation").click()

    expect(page.get_by_text("Sent 2 invitations.")).to_be_visible()
    expect(page.get_by_text("bob@example.com")).to_be_visible()


def test_makes_a_second_owner_and_leaves(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/people/")

    page.get_by_role("row", name="Vic Viewer").get_by_role("link", name="Change role").click()
    page.get_by_label("Owner").check()
    page.get_by_label("Reason").fill("Two pairs of eyes")
    page.get_by_role("button", name="Change role").click()
    expect(page.get_by_text("Vic Viewer is Owner from now on.")).to_be_visible()
    page.get_by_role("row", name="Priya Shah").get_by_role("link", name="Remove").click()
    page.get_by_label("Reason").fill("New job")
    page.get_by_role("button", name="Remove person").click()

    expect(page.get_by_text("Priya Shah is removed from the account.")).to_be_visible()
    expect(page.locator(".account-name")).to_contain_text("Hill & Dale")


def test_switches_account_on_a_phone(page_of_either, estate, sign_in):
    page = page_of_either
    page.set_viewport_size({"width": 390, "height": 800})
    sign_in(page, estate.owner)

    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="Hill & Dale").click()

    expect(page.locator(".account-menu summary")).to_contain_text("Hill & Dale")
