"""The vendor's desk is asked, and its answer read."""

from __future__ import annotations

from django.contrib.auth.models import Group
from playwright.sync_api import expect

from tests.factories import PASSWORD, UserFactory


def test_the_desk_is_asked_and_its_answer_read(
    page_of_either, new_context, estate, sign_in, mailoutbox
):
    page = page_of_either
    sign_in(page, estate.viewer)
    page.goto(f"/licences/{estate.planners.licence_id}/")
    page.get_by_role("link", name="Ask for more seats").click()
    page.get_by_label("User limit that you want").fill("14")
    page.get_by_label("Your message").fill("Four graduates begin in May.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#toasts")).to_contain_text("The answer appears here")

    answer_at_the_desk(new_context().new_page(), "graduates", "You have 14 seats from today.")

    page.reload()
    expect(page.locator("main")).to_contain_text("You have 14 seats from today.")
    assert mailoutbox[-1].to == [estate.viewer.email]


def test_what_was_asked_is_withdrawn(page_of_either, estate, sign_in):
    page = page_of_either
    sign_in(page, estate.viewer)
    page.goto("/requests/")
    page.locator("main tbody a").first.click()

    page.get_by_role("button", name="Withdraw").click()

    expect(page.locator("main")).to_contain_text("The request was withdrawn.")
    expect(page.get_by_role("button", name="Withdraw")).to_have_count(0)


def answer_at_the_desk(page, word, answer):
    """The vendor's support finds the request in the admin and answers it."""
    anna = UserFactory(name="Anna Kowalski", email="anna@vendor.example", is_staff=True)
    anna.groups.add(Group.objects.get(name="Support"))
    page.goto("/accounts/login/?next=/admin/portal/customerrequest/")
    page.fill("[name=login]", anna.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.locator("#searchbar").fill(word)
    page.locator("#searchbar").press("Enter")
    page.locator("#result_list tbody th a").first.click()
    page.get_by_role("link", name="Answer", exact=True).click()
    page.get_by_role("textbox", name="Answer").fill(answer)
    page.get_by_role("textbox", name="Reason").fill("Order 4712 of this morning")
    page.get_by_role("button", name="Check what it does").click()
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Answered Vic Viewer")
