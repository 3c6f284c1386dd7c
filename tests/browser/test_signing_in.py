"""Getting in by invitation, and again by a mailed code, in a browser without scripts."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.presses import who_is_in

NEW_PASSWORD = "a stapled horse battery"


def sign_out(page):
    who_is_in(page).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_a_newcomer_accepts_an_invitation_and_returns_by_a_mailed_code(
    new_context, estate, mailoutbox
):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"/invitations/{estate.invitation.code}/")
    page.get_by_label("Your name").fill("Nora New")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Accept the invitation").click()
    page.get_by_label("Password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Accept the invitation").click()
    expect(who_is_in(page)).to_contain_text("Nora New")
    sign_out(page)

    page.get_by_role("link", name="E-mail me a sign-in code").click()
    page.get_by_label("E-mail address").fill("new@example.com")
    page.get_by_role("button", name="E-mail me a sign-in code").click()
    expect(page.get_by_role("heading", name="Look in your e-mail")).to_be_visible()
    [code] = re.findall(r"^[A-Z0-9]{3,}-?[A-Z0-9]{3,}$", mailoutbox[-1].body, re.MULTILINE)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()

    expect(who_is_in(page)).to_contain_text("Nora New")
    page.goto("/sessions/")
    expect(page.get_by_role("button", name="Release", exact=True).first).to_be_visible()
