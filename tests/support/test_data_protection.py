"""A person's data in the console: handed out as a file, and erased once a second one approves."""

from __future__ import annotations

import json

import pytest

from licensing import audit, sessions
from licensing.models import AuditEntry, ClientSession
from support.models import Approval
from tests.factories import AccountFactory, MembershipFactory, make_client, make_pool, make_session
from tests.people import signed_in
from tests.support.acting import check, confirm, foretold, judge, told, wrong
from tests.support.vendor import staff

WHO = "BROOK\\jsmith"


@pytest.fixture
def account(db):
    """Where J. Smith was on a computer of their own."""
    account = AccountFactory(name="Brook & Co")
    MembershipFactory(account=account)
    sessions.close(opened(account, WHO).pk)
    return account


def opened(account, who):
    return make_session(
        make_pool(account=account), make_client(username=who, machine_name="SMITH-PC")
    )


def test_a_second_one_has_them_erased(support, account):
    page = check(support, "account", "erase-person", account, username=WHO)
    confirm(support, page, reason="They wrote to us, jsmith did")
    joan = signed_in(staff("Supervisor", name="Joan Marsh"))
    assert ClientSession.every.get().username == WHO

    done = judge(joan, Approval.objects.get())

    alias = ClientSession.every.get().username
    assert "1 session, no refusal" in foretold(page)[0]
    assert told(done) == [f"Erased. In Brook & Co they are called {alias} from now on."]
    assert list(audit.broken_links(account)) == []
    shown = (
        joan.get("/support/approvals/").text
        + joan.get(f"/support/accounts/{account.pk}/audit/").text
    )
    assert "jsmith" not in shown
    assert "SMITH-PC" not in shown


def test_who_has_a_seat_is_not_erased_unless_it_is_released(support, account):
    opened(account, WHO)

    refused = check(support, "account", "erase-person", account, username=WHO)
    released = check(support, "account", "erase-person", account, username=WHO, release="on")

    assert "1 open now" in str(wrong(refused))
    assert foretold(released)


def test_nobody_is_told_to_be_nobody(support, account):
    page = check(support, "account", "erase-person", account, username="nobody")

    assert "nothing is left" in str(wrong(page))


def export(browser, account, **asked):
    where = f"/support/accounts/{account.pk}/export-person/"
    seen = browser.get(where).context["seen"]
    return browser.post(where, {"reason": "They wrote to us", "seen": seen} | asked)


def test_what_is_held_is_a_file(support, account):
    answer = export(support, account, username="jsmith")

    assert "attachment" in answer["Content-Disposition"]
    assert json.loads(answer.content)["sessions"][0]["machine_name"] == "SMITH-PC"
    assert AuditEntry.objects.get(action="person_exported").reason == "They wrote to us"


def test_a_mistyped_name_is_answered_by_the_nearest_that_ever_was(support, account):
    erased = check(support, "account", "erase-person", account, username="jsmtih")
    exported = export(support, account, username="jsmtih")

    told_of = "Brook & Co holds nothing of jsmtih: nothing is left. Is BROOK\\jsmith meant?"
    assert [wrong(page)["__all__"] for page in (erased, exported)] == [[told_of], [told_of]]


def test_somebody_has_to_be_named(support, account):
    answer = export(support, account)

    assert answer.status_code == 422
    assert not AuditEntry.objects.filter(action="person_exported").exists()
