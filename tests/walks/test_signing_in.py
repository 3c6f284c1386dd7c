"""Getting in: by invitation, by a mailed code, with a second step; and keeping others out."""

from __future__ import annotations

import re
import time

from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)

from portal.models import AccountPreferences
from tests.factories import PASSWORD, ago
from tests.walks.page import Page, name_of

NEW_PASSWORD = "a stapled horse battery"
PERIOD = 30
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def code_of_app(secret, *, later=0):
    """What the authenticator app shows, so many periods from now: a code signs in once."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + later))


def who_is_in(page):
    """The name in the corner of every page; nothing when nobody is."""
    menus = page.parts("//*[contains(@class, 'profile-menu')]/summary")
    return name_of(menus[0].element) if menus else ""


def sign_out(page):
    page.unfold(who_is_in(page))
    page.press("Sign out")
    assert page.address.startswith("/accounts/login/")


def give_password(page, email, password=PASSWORD):
    page.open("/accounts/login/")
    page.fill("E-mail address", email)
    page.fill("Password", password)
    page.main.press("Sign in")


def confirm_password(page):
    page.fill("Password", PASSWORD)
    page.press("Confirm")


def test_a_newcomer_accepts_an_invitation_and_returns_by_a_mailed_code(page, estate, mailoutbox):
    page.open(f"/invitations/{estate.invitation.code}/")
    page.fill("Your name", "Nora New")
    page.fill("Password", "short")
    page.press("Accept the invitation")
    page.fill("Password", NEW_PASSWORD)
    page.press("Accept the invitation")
    assert "Nora New" in who_is_in(page)
    sign_out(page)

    page.follow("E-mail me a sign-in code")
    page.fill("E-mail address", "new@example.com")
    page.press("E-mail me a sign-in code")
    assert page.heading == "Look in your e-mail"
    [code] = re.findall(r"^[A-Z0-9]{3,}-?[A-Z0-9]{3,}$", mailoutbox[-1].body, re.MULTILINE)
    page.fill("Code", code)
    page.press("Sign in")

    assert "Nora New" in who_is_in(page)
    page.open("/sessions/")
    assert page.has("Release")


def test_an_owner_takes_a_second_step_and_returns_by_each_code(page, estate, sign_in):
    sign_in(page, estate.owner, sure=False)
    page.open("/accounts/two-step/")
    page.follow("Set up an app")
    confirm_password(page)
    secret = page.parts("//main//code")[-1].text
    page.fill("Authenticator code", code_of_app(secret))
    page.press("Turn on")
    spare = page.parts("//*[contains(@class, 'codes')]//code")[0].text

    for code in (code_of_app(secret, later=1), spare):
        sign_out(page)
        give_password(page, estate.owner.email)
        page.fill("Code", code)
        page.press("Go on")
        assert "Priya Shah" in who_is_in(page)


def test_an_owner_asks_the_second_step_of_everybody(page, estate, sign_in):
    TOTP.activate(estate.owner, generate_totp_secret())
    sign_in(page, estate.owner, sure=False)
    page.open("/security/")
    page.follow("Require it")
    confirm_password(page)
    page.press("Require it")
    assert "Two-step sign-in is required in seven days." in page.toasts
    AccountPreferences.objects.update(two_step_required_from=ago(minutes=1))
    sign_out(page)

    give_password(page, estate.viewer.email)

    assert page.address == "/accounts/two-step/"
    assert "You need two-step sign-in to go on." in page.toasts


def test_an_unusual_sign_in_is_told_and_signed_out(page, estate, mailoutbox):
    thief = Page(user_agent=FIREFOX)
    for browser in (page, thief):
        give_password(browser, estate.owner.email)
        assert who_is_in(browser)
    told = mailoutbox[-1]
    assert told.subject == "A sign-in from a new place or browser"
    assert "Firefox on Windows" in told.body

    page.unfold(who_is_in(page))
    page.follow("Where you are signed in")
    assert "Firefox on Windows" in page.main
    page.press("Sign out everywhere else")

    assert "Firefox on Windows" not in page.main
    thief.reload()
    assert thief.address.startswith("/accounts/login/")


def test_takes_another_address_when_both_have_confirmed(page, estate, sign_in, mailoutbox):
    elsewhere = Page()
    sign_in(page, estate.owner, sure=False)
    page.open("/profile/email/")
    confirm_password(page)
    page.fill("New e-mail address", "priya@brook.example")
    page.press("Send both mails")
    assert "Both addresses get a mail." in page.toasts
    found = {mail.to[0]: re.search(r"/confirm-email/\S+", mail.body)[0] for mail in mailoutbox[-2:]}

    for address, heading in {
        "priya@brook.example": "Half done",
        "priya@example.com": "The address is changed",
    }.items():
        elsewhere.open(found[address])
        elsewhere.press("Confirm the new address")
        assert elsewhere.heading == heading

    give_password(elsewhere, "priya@brook.example")
    assert "Priya Shah" in who_is_in(elsewhere)


def test_a_forgotten_password_is_replaced_by_mail(page, estate, mailoutbox):
    page.open("/accounts/login/")
    page.follow("Forgotten")
    page.fill("E-mail address", estate.owner.email)
    page.press("E-mail me a link")

    page.open(re.search(r"/accounts/password/reset/key/\S+", mailoutbox[-1].body)[0])
    page.fill("New password", NEW_PASSWORD)
    page.fill("New password again", NEW_PASSWORD)
    page.press("Save the new password")
    assert not page.has("Save the new password")

    give_password(page, estate.owner.email, NEW_PASSWORD)
    assert "Priya Shah" in who_is_in(page)
