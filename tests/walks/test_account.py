"""What the account and its people set up: tokens, requests, zones, what is put off, the record."""

from __future__ import annotations

import json
import re

from django.contrib.auth.models import Group

from tests.factories import PASSWORD, UserFactory
from tests.walks.page import Page


def test_a_token_works_until_it_is_revoked(page, estate, sign_in):
    sign_in(page, estate.owner, sure=False)
    page.open("/api-tokens/")
    page.follow("New API token")
    page.fill("Password", PASSWORD)
    page.press("Confirm")
    page.fill("Name", "Power BI report")
    page.tick("Read licences")
    page.press("Make token")
    assert "Copy it now. We can't show it again." in page.main
    [token] = set(re.findall(r"clt_[0-9A-Za-z]{38}", page.text))
    assert status_by(token) == 200

    page.follow("Done")
    assert token not in page.text
    page.row("Power BI report").follow("Revoke")
    page.fill("Reason", "The report is gone")
    page.press("Revoke token")

    assert "Revoked" in page.row("Power BI report")
    assert status_by(token) == 401


def status_by(token):
    """What the API answers to a token."""
    headers = {"Authorization": f"Bearer {token}"}
    return Page().client.get("/api/v1/account/licences", headers=headers).status_code


def test_what_needs_attention_is_followed_put_off_and_shown_again(page, estate, sign_in):
    sign_in(page, estate.viewer)
    page.open("/")
    at_first = attention(page)
    held = "beyond its grace period"

    page.row(held).press("Hide for 7 days")
    assert "Hidden for 7 days." in page.toasts
    assert attention(page) == [item for item in at_first if held not in item]
    page.press("Show the 1 thing that you put off")

    assert attention(page) == at_first
    page.open(page.row(held).parts(".//a")[0].element.get("href"))
    assert page.address == "/sessions/?state=held"
    assert len(page.parts("//*[@data-session]")) == 1


def attention(page):
    """What needs attention, in words."""
    return [one.text for one in page.parts("//*[@id='attention']//li")]


def test_the_record_is_verified_narrowed_and_exported(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.open("/audit/")
    entries = estate.account.audit_entries.count()
    page.press("Verify")
    assert f"Unbroken, {entries} entries." in page.toasts

    page.main.fill("Kind", "Access rules")
    page.press("Show")
    [line] = page.parts("//*[contains(@class, 'audit-line')]")
    assert "Reason: The site team has licences of its own" in line
    page.unfold("Export")
    page.press("JSON Lines (JSONL)")

    assert json.loads(page.file.getvalue())["Action"] == "rule_added"


def test_the_desk_is_asked_and_its_answer_read(page, estate, sign_in, mailoutbox):
    sign_in(page, estate.viewer)
    page.open(f"/licences/{estate.planners.licence_id}/")
    page.follow("Ask for more seats")
    page.fill("User limit that you want", "14")
    page.fill("Your message", "Four graduates begin in May.")
    page.press("Send")
    assert "The answer appears here" in page.toasts

    answer_at_the_desk(Page(), sign_in, "graduates", "You have 14 seats from today.")

    page.reload()
    assert "You have 14 seats from today." in page.main
    assert mailoutbox[-1].to == [estate.viewer.email]


def answer_at_the_desk(page, sign_in, word, answer):
    """The vendor's support finds the request among those that wait and answers it."""
    anna = UserFactory(name="Anna Kowalski", email="anna@vendor.example", is_staff=True)
    anna.groups.add(Group.objects.get(name="Support"))
    sign_in(page, anna)
    page.open("/support/requests/")
    page.row(word).follow("Answer")
    page.fill("Answer", answer)
    page.press("Check what it does")
    page.fill("In your words", "Order 4712 of this morning")
    page.press("Answer: Customer asked")
    assert "Answered Vic Viewer" in page


def test_what_was_asked_is_withdrawn(page, estate, sign_in):
    sign_in(page, estate.viewer)
    page.open(f"/requests/{estate.asked.pk}/")

    page.press("Withdraw")

    assert "The request was withdrawn." in page.main
    assert not page.has("Withdraw")


def times(page):
    """The times of the record, written out."""
    return [one.element.get("title") for one in page.parts("//*[@class='audit-time']//time")]


def test_somebody_reads_german_and_the_time_of_tokyo(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.open("/profile/")
    page.fill("Language", "Deutsch")
    page.fill("Time zone", "Asia/Tokyo")
    page.press("Save")

    assert page.element.get("lang") == "de"
    assert "Gespeichert." in page.toasts
    page.open("/audit/")
    assert page.heading == "Protokoll"
    assert all(time.endswith("JST") for time in times(page))


def test_an_owner_moves_the_account_to_another_zone(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.open("/settings/")
    page.follow("Change time zone")
    page.fill("Time zone", "Europe/Berlin")
    page.fill("Reason", "We have moved to Berlin")
    page.press("Change time zone")

    assert "The account's time zone is Europe/Berlin." in page.toasts
    page.open("/audit/")
    assert all(re.search("CES?T$", time) for time in times(page))


def test_a_theme_is_kept_from_page_to_page(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.open("/")

    page.unfold("Priya Shah")
    page.press("Dark")

    page.open("/licences/")
    assert page.element.get("data-bs-theme") == "dark"


def test_the_shortcuts_are_a_page(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.open("/")

    page.unfold("Priya Shah")
    page.follow("Shortcuts")

    assert page.heading == "Keyboard shortcuts"
    page.follow("Help")
    assert page.heading == "Help"
