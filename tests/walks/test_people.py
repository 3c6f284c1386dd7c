"""People are invited, given roles and let go; viewers see aliases when owners want it."""

from __future__ import annotations

import json
import re

from licensing.models import ClientSession
from portal.models import Invitation, Membership
from tests.factories import ago
from tests.walks.page import Page


def test_two_are_invited_after_a_typing_error(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.open("/people/")

    page.follow("Invite people")
    page.fill("E-mail addresses", "ann@example.com, bob")
    page.tick("Manager")
    page.fill("Your message", "See you on Monday.")
    page.press("Send invitation")
    assert "“bob” is not an e-mail address." in page
    assert page.field("Your message").value.strip() == "See you on Monday."
    page.fill("E-mail addresses", "ann@example.com, bob@example.com")
    page.press("Send invitation")

    assert "2 invitations are on their way." in page.toasts
    assert "bob@example.com" in page.main
    assert set(Invitation.objects.filter(email__startswith="a").values_list("role")) == {
        ("manager",)
    }


def test_the_last_owner_makes_a_second_one_and_leaves(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.open("/people/")
    page.row("Priya Shah").follow("Remove")
    assert "Make someone else owner first." in page
    page.follow("Go back")

    page.row("Vic Viewer").follow("Change role")
    page.tick("Owner")
    page.fill("Reason", "Two pairs of eyes")
    page.press("Change role")
    assert "Vic Viewer is Owner from now on." in page.toasts
    page.row("Priya Shah").follow("Remove")
    page.fill("Reason", "New job")
    page.press("Remove person")

    assert "Priya Shah is removed from the account." in page.toasts
    [account] = page.parts("//*[contains(@class, 'account-name')]")
    assert "Hill & Dale" in account


def test_an_ended_invitation_is_asked_for_anew_sent_again_and_cancelled(
    page, estate, sign_in, mailoutbox
):
    guest = Page()
    Invitation.objects.update(ends_at=ago(minutes=1))
    guest.open(f"/invitations/{estate.invitation.code}/")
    guest.press("Ask for a new one")
    assert "You asked for a new one." in guest
    sign_in(page, estate.owner)
    page.open("/people/")
    assert "Asks for a new one." in page.row("new@example.com")

    page.row("new@example.com").press("Resend")
    assert "new@example.com" in page.toasts
    [sent_again] = re.findall(r"/invitations/\S+", mailoutbox[-1].body)
    guest.open(sent_again)
    page.row("new@example.com").press("Cancel")
    assert page.parts("//li[contains(., 'new@example.com')]") == []

    guest.fill("Your name", "Nora New")
    guest.fill("Password", "a stapled horse battery")
    guest.press("Accept the invitation")
    assert guest.heading.startswith("This invitation ended on")
    assert guest.has("Ask for a new one")


def test_somebody_leaves_in_one_step(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.open("/people/")
    page.follow("Remove a leaver")
    page.fill("User name on their PC", "J. Smith")
    page.fill("E-mail address", "vic@example.com")
    page.press("See what they have")
    assert "Open sessions: 1 seat is free at once" in page.main

    page.fill("Reason", "Left in May")
    page.press("Remove everything")

    assert page.heading == "Everything for J. Smith is removed."
    page.follow("Download record")
    record = json.loads(page.file.getvalue())
    assert (record["sessions"], record["portal"]) == (
        ["J. Smith on CAD-017, London planners"],
        ["Vic Viewer <vic@example.com>, Viewer"],
    )
    assert not ClientSession.objects.active().filter(pk=estate.jsmith.pk).exists()
    assert not Membership.objects.filter(user=estate.viewer).exists()


def test_viewers_see_aliases_on_pages_and_in_files(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.open("/security/")
    page.follow("Show aliases")
    page.fill("Reason", "The works council wants it")
    page.press("Show aliases")
    assert "Viewers see aliases instead of people" in page.main

    viewers = Page()
    sign_in(viewers, estate.viewer)
    viewers.open("/sessions/?sort=user")
    [row] = viewers.parts(f"//*[@data-session='{estate.jsmith.pk}']")
    [who] = row.parts(f".//*[@id='who-{estate.jsmith.pk}']")
    viewers.unfold("Export")
    viewers.press("CSV, with commas")

    file = viewers.file.getvalue().decode("utf-8-sig")
    page.open("/sessions/")
    assert who.text.startswith("Person ")
    assert who.text in file
    assert ("J. Smith" in viewers, "J. Smith" in file, "J. Smith" in page) == (False, False, True)


def test_an_account_is_chosen(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.open("/")

    page.unfold("Account: Brook & Co")
    page.press("Hill & Dale")

    [shown] = page.parts("//*[contains(@class, 'account-menu')]/summary")
    assert "Hill & Dale" in shown
