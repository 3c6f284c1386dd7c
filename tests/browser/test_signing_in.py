"""Getting in: by invitation, by a mailed code, with a second step; and keeping others out."""

from __future__ import annotations

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from portal.models import AccountPreferences
from tests.factories import PASSWORD, ago

NEW_PASSWORD = "a stapled horse battery"
PERIOD = 30
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def code_of_app(secret, *, later=0):
    """What the authenticator app shows, so many periods from now: a code signs in once."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + later))


def who_is_in(page):
    """The name in the corner of every page."""
    return page.locator(".profile-menu summary")


def sign_out(page):
    who_is_in(page).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))


def give_password(page, email, password=PASSWORD):
    page.goto("/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def confirm_password(page):
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def test_a_newcomer_accepts_an_invitation_and_returns_by_a_mailed_code(
    page_of_either, estate, mailoutbox
):
    page = page_of_either
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


def test_an_owner_takes_a_second_step_then_asks_it_of_everybody(page_of_either, estate, sign_in):
    page = page_of_either
    sign_in(page, estate.owner, sure=False)
    page.goto("/accounts/two-step/")
    page.get_by_role("link", name="Set up an app").click()
    confirm_password(page)
    secret = page.locator("main code").inner_text()
    page.get_by_label("Code").fill(code_of_app(secret))
    page.get_by_role("button", name="Turn on").click()
    spare = page.locator(".codes code").first.inner_text()
    sign_out(page)

    for code in (code_of_app(secret, later=1), spare):
        give_password(page, estate.owner.email)
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Go on").click()
        expect(who_is_in(page)).to_contain_text("Priya Shah")
        page.goto("/security/")
        if code != spare:
            sign_out(page)
    page.get_by_role("link", name="Require it").click()
    confirm_password(page)
    page.get_by_role("button", name="Require it").click()
    expect(page.locator("#toasts")).to_contain_text("Two-step sign-in is required in seven days.")
    AccountPreferences.objects.update(two_step_required_from=ago(minutes=1))
    sign_out(page)
    give_password(page, estate.viewer.email)

    expect(page).to_have_url(re.compile("/accounts/two-step/$"))
    expect(page.locator("#toasts")).to_contain_text("You need two-step sign-in to go on.")


def test_an_unusual_sign_in_is_told_and_signed_out(page_of_either, new_context, estate, mailoutbox):
    page, thief = page_of_either, new_context(user_agent=FIREFOX).new_page()
    for browser in (page, thief):
        give_password(browser, estate.owner.email)
        expect(who_is_in(browser)).to_be_visible()
    told = mailoutbox[-1]
    assert told.subject == "A sign-in from a new place or browser"
    assert "Firefox on Windows" in told.body

    who_is_in(page).click()
    page.get_by_role("link", name="Where you are signed in").click()
    expect(page.get_by_role("listitem").filter(has_text="Firefox on Windows")).to_be_visible()
    page.get_by_role("button", name="Sign out everywhere else").click()

    expect(page.get_by_text("Firefox on Windows")).to_have_count(0)
    thief.reload()
    expect(thief).to_have_url(re.compile("/accounts/login/"))


def test_takes_another_address_when_both_have_confirmed(
    page_of_either, new_context, estate, sign_in, mailoutbox
):
    page, elsewhere = page_of_either, new_context().new_page()
    sign_in(page, estate.owner, sure=False)
    page.goto("/profile/email/")
    confirm_password(page)
    page.get_by_label("New e-mail address").fill("priya@brook.example")
    page.get_by_role("button", name="Send both mails").click()
    expect(page.locator("#toasts")).to_contain_text("Both addresses get a mail.")
    found = {mail.to[0]: re.search(r"/confirm-email/\S+", mail.body)[0] for mail in mailoutbox[-2:]}

    for address, heading in {
        "priya@brook.example": "Half done",
        "priya@example.com": "The address is changed",
    }.items():
        elsewhere.goto(found[address])
        elsewhere.get_by_role("button", name="Confirm the new address").click()
        expect(elsewhere.get_by_role("heading", name=heading)).to_be_visible()

    give_password(elsewhere, "priya@brook.example")
    expect(who_is_in(elsewhere)).to_contain_text("Priya Shah")


def test_a_forgotten_password_is_replaced_by_mail(page_of_either, estate, mailoutbox):
    page = page_of_either
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Forgotten").click()
    page.get_by_label("E-mail address").fill(estate.owner.email)
    page.get_by_role("button", name="E-mail me a link").click()
    expect(page.locator("h1")).to_be_visible()

    page.goto(re.search(r"/accounts/password/reset/key/\S+", mailoutbox[-1].body)[0])
    page.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("New password again").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Save the new password").click()
    expect(page.get_by_role("button", name="Save the new password")).to_have_count(0)

    give_password(page, estate.owner.email, NEW_PASSWORD)
    expect(who_is_in(page)).to_contain_text("Priya Shah")
