"""Two tabs of one browser: what the one still shows is not done to, or shown of, the other."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.models import Membership, Role
from tests.factories import make_client, make_pool, make_session

A_POLL_LATER = 16_000


@pytest.fixture
def second(estate):
    """The owner's other account, which they own too; somebody works there."""
    membership = Membership.objects.get(account__name="Hill & Dale")
    Membership.objects.filter(pk=membership.pk).update(role=Role.OWNER)
    key = make_pool(5, account=membership.account, name="Site teams")
    make_session(key, make_client(username="hilary", machine_name="HILL-01"))
    return membership.account


@pytest.fixture
def other_tab(page, estate, sign_in):
    """What else the owner's browser sends: tabs share their session, and say nothing otherwise."""
    return sign_in(page, estate.owner)


def switch_to(other_tab, account):
    """Look at another account from now on, in each tab."""
    assert other_tab.post("/switch-account/", {"account": account.pk}).status_code == 302


def test_live_rows_of_one_account_show_nothing_of_the_other(timed, estate, second, sign_in):
    page = timed.pages[0]
    other_tab = sign_in(page, estate.owner)
    page.goto("/sessions/")
    switch_to(other_tab, second)

    page.clock.fast_forward(A_POLL_LATER)

    told = "This page belongs to Brook & Co; you are now in Hill & Dale."
    expect(page.locator("#toasts")).to_contain_text(told)
    expect(page.locator("#session-rows")).not_to_contain_text("hilary")
    expect(page.locator(f"[data-session='{estate.jsmith.pk}']")).to_have_count(1)
    page.clock.fast_forward(A_POLL_LATER)
    expect(page.locator("#stale-page")).to_have_count(1)
    page.get_by_role("button", name="Switch to Brook & Co").click()
    expect(page.locator(".account-menu summary")).to_contain_text("Brook & Co")
    assert page.url.endswith("/sessions/")


def test_a_press_on_release_says_whose_the_page_is(page, other_tab, estate, second):
    page.goto("/sessions/")
    switch_to(other_tab, second)

    page.locator(f"[data-session='{estate.jsmith.pk}'] button").click()

    expect(page.locator("#toasts")).to_contain_text("This page belongs to Brook & Co")
    assert estate.account.sessions.active().filter(pk=estate.jsmith.pk).exists()


def test_what_was_typed_in_a_dialog_goes_where_it_belongs_by_one_press(
    page, other_tab, estate, second
):
    page.goto("/people/")
    page.get_by_role("link", name="Invite people").click()
    page.get_by_role("textbox", name="E-mail addresses").fill("ann@example.com\nbob@example.com")
    page.get_by_role("radio", name="Manager").check()
    switch_to(other_tab, second)

    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_role("heading", name="This page belongs to Brook & Co")).to_be_visible()
    page.get_by_role("button", name="Switch to Brook & Co and send").click()

    expect(page.locator("#toasts")).to_contain_text("2 invitations are on their way.")
    invited = estate.account.invitations.filter(role=Role.MANAGER).exclude(pk=estate.invitation.pk)
    assert {one.email for one in invited} == {"ann@example.com", "bob@example.com"}
    assert not second.invitations.exists()


def test_a_dialog_of_the_other_account_does_not_open(page, other_tab, estate, second):
    page.goto("/people/")
    switch_to(other_tab, second)

    page.get_by_role("link", name="Invite people").click()

    expect(page.locator("#toasts")).to_contain_text("This page belongs to Brook & Co")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_double_click_invites_once(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/people/invite/")
    page.get_by_role("textbox", name="E-mail addresses").fill("ann@example.com")

    page.get_by_role("button", name="Send invitation").dblclick()

    expect(page.locator("#toasts")).to_contain_text("1 invitation is on its way.")
    assert estate.account.invitations.filter(email="ann@example.com").count() == 1
    invited = estate.account.audit_entries.filter(action="person_invited")
    assert invited.count() == 2  # with the estate's own
