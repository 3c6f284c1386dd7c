"""Inviting people and changing roles, in a browser with scripts and in one without."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from portal.models import Invitation
from tests.factories import ago


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

    expect(page.get_by_text("2 invitations are on their way.")).to_be_visible()
    expect(page.get_by_text("bob@example.com")).to_be_visible()


def test_the_last_owner_makes_a_second_one_and_leaves(page_of_either, estate, sign_in):
    page = page_of_either
    sign_in(page, estate.owner)
    page.goto("/people/")
    page.get_by_role("row", name="Priya Shah").get_by_role("link", name="Remove").click()
    expect(page.get_by_text("Make someone else owner first.")).to_be_visible()
    page.get_by_role("link", name="Go back").click()

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


def test_an_ended_invitation_is_asked_for_anew_sent_again_and_cancelled(
    page_of_either, new_context, estate, sign_in, mailoutbox
):
    page, guest = page_of_either, new_context().new_page()
    Invitation.objects.update(ends_at=ago(minutes=1))
    guest.goto(f"/invitations/{estate.invitation.code}/")
    guest.get_by_role("button", name="Ask for a new one").click()
    expect(guest.get_by_text("You asked for a new one.")).to_be_visible()
    sign_in(page, estate.owner)
    page.goto("/people/")
    waiting = page.get_by_role("listitem").filter(has_text="new@example.com")
    expect(waiting).to_contain_text("Asks for a new one.")

    waiting.get_by_role("button", name="Resend").click()
    expect(page.locator("#toasts")).to_contain_text("new@example.com")
    [sent_again] = re.findall(r"/invitations/\S+", mailoutbox[-1].body)
    guest.goto(sent_again)
    expect(guest.get_by_role("button", name="Accept the invitation")).to_be_visible()
    waiting.get_by_role("button", name="Cancel").click()

    expect(waiting).to_have_count(0)
    guest.get_by_label("Your name").fill("Nora New")
    guest.get_by_label("Password").fill("a stapled horse battery")
    guest.get_by_role("button", name="Accept the invitation").click()
    expect(guest.get_by_role("heading", name="This invitation ended on")).to_be_visible()
    expect(guest.get_by_role("button", name="Ask for a new one")).to_be_visible()


def test_switches_account_on_a_phone(page_of_either, estate, sign_in):
    page = page_of_either
    page.set_viewport_size({"width": 390, "height": 800})
    sign_in(page, estate.owner)
    page.goto("/")

    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="Hill & Dale").click()

    expect(page.locator(".account-menu summary")).to_contain_text("Hill & Dale")
