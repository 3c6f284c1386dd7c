"""A supervisor closes an account, support keeps it, and a closed one offers nothing but reading."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models.functions import Now

from licensing.models import Account, AuditEntry
from portal.accounts import closing
from portal.models import Role
from portal.people import invitations
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    make_api_token,
    make_pool,
    make_session,
)
from tests.people import signed_in
from tests.support.acting import READ, address, check, confirm, do, foretold, record, text_of, told
from tests.support.vendor import staff


@pytest.fixture
def joan(db):
    return signed_in(staff("Supervisor", name="Joan Marsh"))


@pytest.fixture
def account(db):
    """With something of all kinds that are counted."""
    account = AccountFactory(name="Brook & Co")
    key = make_pool(4, account=account, name="London planners")
    make_session(key)
    MembershipFactory(account=account)
    make_api_token(account)
    invitations.invite(account, "new@example.com", Role.VIEWER, by=TESTER)
    return account


def close(account):
    """As if its day were over."""
    closing.ask(account, by=TESTER, reason="The customer ends the contract.")
    Account.objects.update(closes_at=Now() - dt.timedelta(seconds=1))
    closing.carry_out_due()


def page_of(account):
    return f"/support/accounts/{account.pk}/"


def test_what_ends_is_foretold_and_the_name_is_typed(joan, account):
    page = check(joan, "account", "close", account)

    assert foretold(page)[1] == (
        "Then ends: 1 licence, 1 open session, 1 key, 1 person, 1 invitation, 1 API token."
    )
    confirm(joan, page, typed="Brook")
    assert Account.objects.get().closes_at is None
    words = told(confirm(joan, page))
    assert words[0].startswith("Brook & Co closes ")
    entry = AuditEntry.objects.get(action="account_closing")
    assert (entry.reason, entry.actor_name[:10]) == (READ, "Joan Marsh")


def test_support_cancels_it_with_one_press(support, account):
    closing.ask(account, by=TESTER, reason="Asked.")
    assert address("account", "cancel-closing", account) in support.get(page_of(account)).text
    assert address("account", "close", account) not in support.get(page_of(account)).text

    page = check(support, "account", "cancel-closing", account)
    confirm(support, page, why="", reason="", usual="The customer stays.")

    assert not Account.objects.get().is_closing
    reason = AuditEntry.objects.get(action="account_closing_cancelled").reason
    assert reason == "Customer asked. The customer stays."


def test_a_closed_account_is_found_and_says_when_and_by_whom(support, account):
    close(account)

    found = support.get("/support/find/", {"q": "Brook"}, follow=True)
    page = text_of(found)

    assert found.redirect_chain[-1][0] == page_of(account)
    assert "asked for by A test. The customer ends the contract." in page
    assert "it is not opened again" in page
    for tab in ("sessions", "keys", "people", "audit"):
        assert support.get(f"{page_of(account)}{tab}/").status_code == 200
    assert "was closed (" in text_of(support.get(f"{page_of(account)}audit/"))


def test_nothing_is_offered_there_that_cannot_be_done(superuser, account):
    close(account)
    licence = account.licences.get()

    pages = [
        superuser.get(page).text
        for page in (
            page_of(account),
            record(licence),
            record(licence.keys.get()),
            f"{page_of(account)}licences/",
            f"{page_of(account)}keys/",
        )
    ]

    acts = {part.split("?")[0] for page in pages for part in page.split("/support/acts/")[1:]}
    assert acts == {"account/export/", "account/erase-person/"}
    assert "view-as" not in pages[0]


@pytest.mark.parametrize(
    ("act", "asked"),
    [
        ("sell", {"product": "asta-powerproject", "seats": "2", "usage_model": "concurrent",
                  "policy": "Friendly"}),
        ("invite", {"email": "a@example.com", "role": "owner"}),
        ("close", {}),
        ("cancel-closing", {}),
    ],
)  # fmt: skip
def test_an_act_that_was_open_in_a_browser_is_refused_in_words(superuser, account, act, asked):
    close(account)

    page = superuser.post(address("account", act, account), asked, follow=True)

    assert "Brook &amp; Co is closed." in page.text
    assert account.licences.count() == 1
    assert account.invitations.filter(email="a@example.com").count() == 0


def test_reinstating_a_licence_and_viewing_are_refused(superuser, account):
    close(account)
    licence = account.licences.get()

    page = superuser.post(address("licence", "reinstate", licence), {}, follow=True)
    view = superuser.get(f"/support/accounts/{account.pk}/view-as/")

    assert "Brook &amp; Co is closed." in page.text
    assert "nobody sees it as its owner any more" in view.text
    assert account.licences.get().state == "closed"


def test_a_person_is_erased_from_a_closed_account_and_its_chain_is_whole(support, account):
    make_session(make_pool(account=account, name="Leeds"))
    who = account.sessions.first().username
    close(account)

    done = do(support, "account", "erase-person", account, username=who)

    assert "waits for a second member of staff" in done[0]
