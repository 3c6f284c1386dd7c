"""What managers do on the page of a licence: keys, devices, the offline policy, access rules."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from licensing import errors, sessions
from licensing.models import Device, ProductKey
from portal.models import Membership, Role
from tests.factories import PASSWORD, make_client


def done(page, words):
    """What the page says was done."""
    expect(page.locator("#toasts")).to_contain_text(words)


def ask_and_say_why(page, link, button, reason, fields=()):
    """Follow the link to an act, fill its form in and do it."""
    page.get_by_role("link", name=link).click()
    for label, value in dict(fields).items():
        page.get_by_role("textbox", name=label).fill(value)
    page.get_by_role("textbox", name="Reason").fill(reason)
    page.get_by_role("button", name=button).click()


def test_a_key_is_added_labelled_and_revoked(page_of_either, estate, sign_in):
    page = page_of_either
    Membership.objects.filter(user=estate.viewer).update(role=Role.MANAGER)
    sign_in(page, estate.viewer, sure=False)
    page.goto(f"/licences/{estate.planners.licence_id}/")

    ask_and_say_why(page, "Add key", "Add key", "New office", {"Label": "Leeds"})
    done(page, "The new key has the serial number ")
    key = ProductKey.objects.latest("pk")
    page.get_by_role("link", name="Change label").click()
    page.get_by_role("textbox", name="Label").fill("Leeds office")
    page.get_by_role("button", name="Save label").click()
    expect(page.locator("main")).to_contain_text("London planners · Leeds office")

    page.get_by_role("link", name="Revoke").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("textbox", name="Serial number, to confirm").fill(key.serial_number.lower())
    page.get_by_role("textbox", name="Reason").fill("The office has closed")
    page.get_by_role("button", name="Revoke key").click()

    done(page, f"Revoked the key {key.serial_number}.")
    key.refresh_from_db()
    assert (key.label, key.state) == ("Leeds office", "revoked")


def test_a_device_is_freed_a_policy_changed_a_rule_made_and_lifted(page_of_either, estate, sign_in):
    page = page_of_either
    device = Device.objects.bound().get()
    sign_in(page, estate.owner)
    page.goto(f"/licences/{device.licence_id}/")
    ask_and_say_why(page, "Free device", "Free device", "New laptop")
    done(page, f"{device.machine_name} is freed.")

    page.goto(f"/licences/{estate.planners.licence_id}/")
    page.get_by_role("link", name="Change offline policy").click()
    page.get_by_role("radio", name=re.compile("^Strict")).check()
    page.get_by_role("textbox", name="Reason").fill("Seats are short")
    page.get_by_role("button", name="Change policy").click()
    done(page, "The policy is Strict now.")

    rules = page.locator("#rules")
    whom = {"User optional": "ACME\\temp*"}  # "User" alone is asked for on the licence's page
    ask_and_say_why(page, "Block somebody", "Block", "Summer is over", whom)
    done(page, "ACME\\temp* can't take a seat from now on.")
    would_get_in(rules, "ACME\\temp7", "Blocked by the rule")
    rules.get_by_role("row", name="temp").get_by_role("link", name="Lift").click()
    page.get_by_role("textbox", name="Reason").fill("Summer is back")
    page.get_by_role("button", name="Lift rule").click()
    done(page, "Lifted: ")
    would_get_in(rules, "ACME\\temp7", "Allowed. Would get a seat now: ")


def would_get_in(rules, user, answer):
    """Ask who gets in, and why."""
    rules.get_by_role("textbox", name="User").fill(user)
    rules.get_by_role("textbox", name="Machine").fill("CAD-900")
    rules.get_by_role("button", name="Test").click()
    expect(rules.get_by_role("status")).to_contain_text(answer)


def test_a_licence_is_renamed_tagged_and_described(page_of_either, estate, sign_in):
    page = page_of_either
    sign_in(page, estate.owner)
    page.goto(f"/licences/{estate.planners.licence_id}/")

    page.get_by_role("link", name="Rename").click()
    page.get_by_role("textbox", name="Name").fill("Bridge planners")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("heading", name="Bridge planners", exact=True)).to_be_visible()
    page.get_by_role("link", name="Tag", exact=True).click()
    page.get_by_role("textbox", name="Tags").fill("London, CAD")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main").get_by_role("link", name="London", exact=True)).to_be_visible()
    page.get_by_role("link", name="Contact and notes").click()
    page.get_by_role("textbox", name="Contact", exact=False).first.fill("Tom Reed")
    page.get_by_role("textbox", name="Notes").fill("Renewed each March")
    page.get_by_role("button", name="Save").click()

    overview = page.get_by_role("region", name="Overview")
    expect(overview).to_contain_text("Tom Reed")
    expect(overview).to_contain_text("Renewed each March")


def test_who_is_left_on_a_replaced_key_is_saved_and_its_overlap_ended(
    page_of_either, estate, sign_in
):
    page = page_of_either
    old = ProductKey.objects.get(pk=estate.planners.pk)
    sign_in(page, estate.owner)
    page.goto(f"/licences/{old.licence_id}/keys/{old.pk}/")
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert "CAD-017" in download.value.path().read_text("utf-8-sig")

    ask_and_say_why(page, "End overlap now", "End overlap now", "The old key has leaked")

    done(page, "The overlap has ended.")
    expect(page.get_by_role("link", name="End overlap now")).to_have_count(0)
    old.refresh_from_db()
    assert old.state == "superseded"
    with pytest.raises(errors.KeySuperseded):
        sessions.check_out(old, make_client())


def test_only_some_are_let_in(page_of_either, estate, sign_in):
    page = page_of_either
    sign_in(page, estate.owner)
    page.goto(f"/licences/{estate.planners.licence_id}/")

    whom = {"User optional": "ACME\\crew*"}
    ask_and_say_why(page, "Only allow", "Only allow them", "The crew alone pays", whom)

    done(page, "Only those whom an “only allow” rule names get in now.")
    rules = page.locator("#rules")
    would_get_in(rules, "ACME\\other", "Blocked: only those whom an “only allow” rule names")
    would_get_in(rules, "ACME\\crew1", "Allowed. Would get a seat now: ")
