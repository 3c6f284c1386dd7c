"""What a tab of another account or person sends: refused with words, and nothing is lost."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from portal.models import Membership, Role
from portal.sent import page_marks
from tests.factories import AccountFactory, MembershipFactory, UserFactory
from tests.people import signed_in
from tests.portal.sent.marks import INVITATION, mark_on
from tests.product import every_url

OF_THE_PERSON = {
    "portal:accept_invitation", "portal:ask_for_invitation", "portal:change_email",
    "portal:confirm_email", "portal:invitation", "portal:own_way", "portal:profile",
    "portal:set_language", "portal:set_theme", "portal:single_sign_on", "portal:stop_alert_mails",
    "portal:stop_report",
    "portal:switch_account", "portal:switch_and_send", "portal:without_provider",
}  # fmt: skip
"""What takes forms and is about the person, whichever account they look at."""


@pytest.fixture
def two(account):
    """The browser of an owner of both accounts, which looks at Brook & Co; and Hill & Dale."""
    second = AccountFactory(name="Hill & Dale")
    user = UserFactory(name="Priya Shah", email="priya@example.com")
    for one in (account, second):
        MembershipFactory(account=one, user=user, role=Role.OWNER)
    return signed_in(user), second


def switch_elsewhere(browser, account):
    """Another tab of the same browser switches."""
    other_tab = Client()
    other_tab.cookies = browser.cookies
    other_tab.post("/switch-account/", {"account": account.pk})


def test_a_form_of_the_other_account_is_refused_and_says_whose_it_is(two, account):
    browser, second = two
    form = INVITATION | {page_marks.FIELD: mark_on(browser.get("/people/invite/"))}
    switch_elsewhere(browser, second)

    answer = browser.post("/people/invite/", form)

    assert answer.status_code == 409
    assert "This page belongs to Brook &amp; Co" in answer.text
    assert "You switched to Hill &amp; Dale in another tab" in answer.text
    assert not account.invitations.exists()
    assert not second.invitations.exists()


def test_one_press_switches_back_and_sends_all_that_was_typed(two, account):
    browser, second = two
    form = INVITATION | {page_marks.FIELD: mark_on(browser.get("/people/invite/"))}
    switch_elsewhere(browser, second)
    kept = browser.post("/people/invite/?from=help", form).context

    answer = browser.post(kept["address"], dict(kept["kept"]), follow=True)

    assert answer.redirect_chain[0] == ("/people/invite/?from=help", 307)
    assert "1 invitation is on its way." in answer.text
    assert account.invitations.get().message == INVITATION["message"]
    assert not second.invitations.exists()


def test_the_page_that_keeps_a_form_shows_no_secret(two):
    browser, second = two
    form = {"password": "hunter2hunter2", "client_secret": "hush-hush", "issuer": "https://id"}
    form[page_marks.FIELD] = mark_on(browser.get("/people/invite/"))
    switch_elsewhere(browser, second)

    answer = browser.post("/security/single-sign-on/", form)

    assert "https://id" in answer.text
    assert "Passwords and other secrets are not kept" in answer.text
    assert not re.search("hunter2|hush-hush", answer.text)


def test_a_form_without_a_mark_is_refused_and_can_be_sent_again(two, account):
    browser, _second = two

    answer = browser.post("/people/invite/", INVITATION, **{page_marks.HEADER: ""})

    assert answer.status_code == 409
    assert "We can't tell whose this page is" in answer.text
    again = dict(answer.context["kept"]) | {page_marks.FIELD: mark_on(answer)}
    browser.post(answer.context["address"], again, **{page_marks.HEADER: ""})
    assert account.invitations.get().email == "new@example.com"


def test_a_form_of_somebody_else_who_was_signed_in_is_refused(two, account):
    browser, _second = two
    colleague = signed_in(MembershipFactory(account=account, role=Role.OWNER).user)
    form = INVITATION | {page_marks.FIELD: mark_on(browser.get("/people/invite/"))}

    answer = colleague.post("/people/invite/", form)

    assert answer.status_code == 409
    assert "This page belongs to somebody else" in answer.text
    assert "Priya" not in answer.text
    assert not account.invitations.exists()


@pytest.mark.parametrize("mark", ["{account}-{other_person}", "", "9" * 40])
def test_a_mark_that_is_not_of_this_page_is_refused(owner, account, mark):
    person = Membership.objects.get(user__email="priya@example.com").user_id
    sent = mark.format(account=account.pk, other_person=person + 1)

    assert owner.post("/people/invite/", INVITATION, **{page_marks.HEADER: sent}).status_code == 409
    assert not account.invitations.exists()


def of_accounts():
    """The addresses of the portal that are about an account."""
    return [
        address
        for address in every_url.every_address()
        if address.name.startswith("portal:") and address.name not in OF_THE_PERSON
    ]


def mark_of_another_account():
    """What a page of another account sends."""
    person = Membership.objects.get(user__email="priya@example.com")
    return {page_marks.HEADER: f"{person.account_id + 1}-{person.user_id}"}


@pytest.mark.slow
def test_every_form_of_an_account_is_refused_with_anothers_mark(owner, values):
    mark = mark_of_another_account()

    taken = {
        address.name
        for address in of_accounts()
        if owner.post(address.of(values), **mark).status_code not in (405, 409)
    }

    assert taken == set()


@pytest.mark.slow
def test_every_fragment_of_an_account_is_refused_with_anothers_mark(owner, values):
    mark, asked_by = mark_of_another_account(), {page_marks.FOR_A_SCRIPT: "rows"}
    whole = {
        "portal:home", "portal:status", "portal:help", "portal:shortcuts",
        "portal:confirm_by_provider",
    }  # fmt: skip

    shown = {
        address.name
        for address in of_accounts()
        if address.name not in whole
        if owner.get(address.of(values), headers=asked_by, **mark).status_code in (200, 204)
    }

    assert shown == set()


def test_a_fragment_says_whose_the_page_is_and_offers_the_way_back(two):
    browser, second = two
    mark = browser.mark()
    switch_elsewhere(browser, second)
    asked_from = {"X-Requested-With": "rows", "Referer": "http://testserver/sessions/?q=cad"}

    answer = browser.get("/sessions/rows/", headers=asked_from, **{page_marks.HEADER: mark})

    assert answer.status_code == 409
    assert "This page belongs to Brook &amp; Co; you are now in Hill &amp; Dale." in answer.text
    assert 'name="next" value="/sessions/?q=cad"' in answer.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_switches_and_sends_to_nobody_elses_site(two, account, method):
    browser, _second = two

    answer = getattr(browser, method)(f"/switch-and-send/{account.pk}/?next=//evil.example/")

    assert (answer.status_code, answer.headers.get("Location", "")) in [(405, ""), (302, "/")]
