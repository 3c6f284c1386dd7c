"""What managers do on the page of a licence: keys, devices, the offline policy, access rules."""

from __future__ import annotations

import pytest

from licensing import errors, sessions
from licensing.models import Device, ProductKey
from portal.licences import tags
from portal.models import Membership, Role
from tests.factories import PASSWORD, make_client


@pytest.fixture
def licence_page(estate):
    return f"/licences/{estate.planners.licence_id}/"


def ask_and_say_why(page, link, button, reason, fields=()):
    """Follow the link to an act, fill its form in and do it."""
    page.follow(link)
    for label, value in dict(fields).items():
        page.main.fill(label, value)
    page.fill("Reason", reason)
    page.press(button)


def test_a_key_is_added_labelled_and_revoked(page, estate, licence_page, sign_in):
    Membership.objects.filter(user=estate.viewer).update(role=Role.MANAGER)
    sign_in(page, estate.viewer, sure=False)
    page.open(licence_page)

    ask_and_say_why(page, "Add key", "Add key", "New office", {"Label": "Leeds"})
    assert "The new key has the serial number " in page.toasts
    key = ProductKey.objects.latest("pk")
    page.follow("Change label")
    page.fill("Label", "Leeds office")
    page.press("Save label")
    assert page.main.has("London planners")
    assert " · Leeds office" in page.main

    page.follow("Revoke")
    page.fill("Password", PASSWORD)
    page.press("Confirm")
    page.fill("Serial number, to confirm", key.serial_number.lower())
    page.fill("Reason", "The office has closed")
    page.press("Revoke key")

    assert f"Revoked the key {key.serial_number}." in page.toasts
    key.refresh_from_db()
    assert (key.label, key.state) == ("Leeds office", "revoked")


def test_a_key_is_revealed_to_whoever_gives_their_password(page, estate, licence_page, sign_in):
    key = estate.planners
    sign_in(page, estate.owner, sure=False)
    page.open(licence_page)

    hidden = f"••••{key.last_four}"
    page.row(hidden).press("Reveal")
    page.fill("Password", PASSWORD)
    page.press("Confirm")

    assert key.plain in page.main
    page.follow("Done")
    assert page.row(hidden)
    assert key.plain not in page


def test_a_key_is_reissued(page, estate, licence_page, sign_in):
    sign_in(page, estate.owner)
    page.open(licence_page)

    page.follow("Reissue")
    page.tick("24 hours")
    page.fill("Reason", "A laptop was stolen")
    page.press("Reissue key")

    assert "The new key has the serial number " in page.toasts
    assert estate.planners.licence.keys.count() == 3


def test_a_device_is_freed(page, estate, sign_in):
    device = Device.objects.bound().get()
    sign_in(page, estate.owner)
    page.open(f"/licences/{device.licence_id}/")

    ask_and_say_why(page, "Free device", "Free device", "New laptop")

    assert f"{device.machine_name} is freed." in page.toasts


def test_the_offline_policy_is_changed(page, estate, licence_page, sign_in):
    sign_in(page, estate.owner)
    page.open(licence_page)

    page.follow("Change offline policy")
    page.tick("Strict")
    page.fill("Reason", "Seats are short")
    page.press("Change policy")

    assert "The policy is Strict now." in page.toasts


def test_a_rule_is_made_and_lifted(page, estate, licence_page, sign_in):
    sign_in(page, estate.owner)
    page.open(licence_page)

    ask_and_say_why(page, "Block somebody", "Block", "Summer is over", {"User": "ACME\\temp*"})
    assert "ACME\\temp* can't take a seat from now on." in page.toasts
    would_get_in(page, "ACME\\temp7", "Blocked by the rule")
    rules(page).row("ACME\\temp*").follow("Lift")
    page.fill("Reason", "Summer is back")
    page.press("Lift rule")

    assert "Lifted: " in page.toasts
    would_get_in(page, "ACME\\temp7", "Allowed. Would get a seat now: ")


def would_get_in(page, user, answer):
    """Ask who gets in, and why."""
    rules(page).fill("User", user)
    rules(page).fill("Machine", "CAD-900")
    rules(page).press("Test")
    [status] = rules(page).parts(".//*[@role='status']")
    assert answer in status


def rules(page):
    """The part of the page that is about access rules."""
    [rules] = page.parts("//*[@id='rules']")
    return rules


def test_a_licence_is_renamed_tagged_and_described(page, estate, licence_page, sign_in):
    sign_in(page, estate.owner)
    page.open(licence_page)

    page.follow("Rename")
    page.fill("Name", "Bridge planners")
    page.press("Rename")
    assert page.heading == "Bridge planners"
    page.follow("Tag")
    page.fill("Tags", "London, CAD")
    page.press("Save")
    assert page.main.has("London")
    page.follow("Contact and notes")
    page.fill("Contact", "Tom Reed")
    page.fill("Notes", "Renewed each March")
    page.press("Save")

    assert "Tom Reed" in page.main
    assert "Renewed each March" in page.main


def test_who_is_left_on_a_replaced_key_is_saved_and_its_overlap_ended(page, estate, sign_in):
    old = ProductKey.objects.get(pk=estate.planners.pk)
    sign_in(page, estate.owner)
    page.open(f"/licences/{old.licence_id}/keys/{old.pk}/")
    page.unfold("Export")
    page.press("CSV, with commas")
    assert "CAD-017" in page.file.getvalue().decode("utf-8-sig")

    ask_and_say_why(page, "End overlap now", "End overlap now", "The old key has leaked")

    assert "The overlap has ended." in page.toasts
    assert not page.has("End overlap now")
    old.refresh_from_db()
    assert old.state == "superseded"
    with pytest.raises(errors.KeySuperseded):
        sessions.check_out(old, make_client())


def test_only_some_are_let_in(page, estate, licence_page, sign_in):
    sign_in(page, estate.owner)
    page.open(licence_page)

    whom = {"User": "ACME\\crew*"}
    ask_and_say_why(page, "Only allow", "Only allow them", "The crew alone pays", whom)
    assert "This would leave out " in page.main
    page.tick("Yes, leave them out")
    page.press("Only allow them")

    assert "Only those whom an “only allow” rule names get in now." in page.toasts
    would_get_in(page, "ACME\\other", "Blocked: only those whom an “only allow” rule names")
    would_get_in(page, "ACME\\crew1", "Allowed. Would get a seat now: ")


def tick_two(page):
    """Choose a pool and a single-user licence."""
    page.row("London planners").tick("Choose")
    page.row("Estimator").tick("Choose")


def test_licences_are_tagged_together_and_that_is_undone(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.open("/licences/")
    tick_two(page)

    page.press("Tag")
    page.fill("Tags", "Bridge, CAD")
    page.press("Save")

    assert "Changed the tags of 2 licences." in page.toasts
    assert page.row("London planners").has("Bridge")
    assert page.row("Estimator").has("Bridge")
    page.press("Undo")
    assert "The tags are as they were before." in page.toasts
    assert tags.known(estate.account) == []


def test_devices_are_freed_together(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.open("/licences/?unused=30")
    assert "Concurrent User Licence Pools" not in page.main
    page.row("Estimator").tick("Choose")

    page.press("Free device")
    assert page.heading == "Free 1 device?"
    page.fill("Reason", "Not used any more")
    page.press("Free them")

    assert "Freed 1 device." in page.toasts
    assert not Device.objects.bound().filter(licence__name="Estimator").exists()
