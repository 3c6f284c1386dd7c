"""Releasing sessions: from the admin's search, or the session's page, to the audit entry."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from licensing import sessions
from licensing.models import AuditEntry, ClientSession
from portal.models import User
from support.console.facts import facts_of
from tests.factories import TESTER, UserFactory, make_client, make_session
from tests.people import signed_in
from tests.support.acting import confirm, record, told
from tests.support.vendor import staff

SESSIONS = "/admin/licensing/clientsession/"
RELEASE = "/support/acts/clientsession/release/"
REASON = {"why": "Person away", "reason": "On holiday until Monday"}


@pytest.fixture
def session(pool):
    return make_session(pool, make_client(machine_name="CAD-X17", username="ACME\\jsmith"))


def release_page(*chosen) -> str:
    return RELEASE + "?" + "&".join(f"id={session.pk}" for session in chosen)


def test_nothing_of_what_is_over_is_to_come(session):
    sessions.release(session, by=TESTER)

    facts = {fact.label: fact.value or fact.at for fact in facts_of(ClientSession.every.get())}

    assert facts["How it ended"] == "Released"
    assert max(at for at in facts.values() if isinstance(at, dt.datetime)) == facts["Ended"]


def test_from_search_to_audit_entry(support, session):
    (found,) = support.get(SESSIONS, {"q": "jsmith"}).context["cl"].result_list
    chosen = {"action": "release", "_selected_action": [str(found.pk)], "index": "0"}
    page = support.post(SESSIONS, chosen, follow=True)
    done = confirm(support, page, **REASON)

    assert "They can keep working; the program takes a new seat if one is free." in (page.text)
    (subject,) = page.context["subjects"]
    assert subject.description == (
        f"ACME\\jsmith on CAD-X17: {session.licence} of {session.account}, active"
    )
    assert subject.effects == [f"{session.licence}: 1 of 2 in use now, 0 after."]
    assert told(done) == ["Released the licence held by ACME\\jsmith on CAD-X17."]
    anna = User.objects.get(name="Anna Kowalski")
    entry = AuditEntry.objects.get(action="session_released")
    assert {
        "who": (entry.actor_kind, entry.actor_id, entry.actor_name),
        "what": (entry.object_kind, entry.object_id, entry.object_name),
        "why": (entry.reason, entry.staff_words),
    } == {
        "who": ("support", str(anna.pk), "Anna Kowalski <anna@vendor.example>"),
        "what": ("client session", str(session.pk), "ACME\\jsmith on CAD-X17"),
        "why": ("Person away.", "On holiday until Monday"),
    }


def test_tells_of_each_session_how_it_went(support, session, pool):
    other = make_session(pool)
    page = support.get(release_page(session, other))
    sessions.close(session.pk)

    done = confirm(support, page)

    assert sorted(told(done)) == [
        "ACME\\jsmith on CAD-X17 had already given the licence back.",
        f"Released the licence held by {other}.",
    ]
    assert not ClientSession.objects.active().exists()


@pytest.mark.parametrize("reason", ["", "Holiday", "         .         "])
def test_asks_for_a_reason_of_ten_characters(support, session, reason):
    wrong = confirm(support, support.get(release_page(session)), reason=reason)
    answer = support.get(wrong.headers["Location"])

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"reason"}
    assert ClientSession.objects.active().get() == session


def test_only_posting_releases(support, session):
    assert support.get(release_page(session)).status_code == 200
    assert ClientSession.objects.active().get() == session


def test_the_session_itself_tells_what_releasing_does_and_does_it(support, session):
    page = support.get(record(session))
    (release,) = page.context["at_hand"]

    assert release["subject"].effects == [f"{session.licence}: 1 of 2 in use now, 0 after."]
    support.post(release["url"], REASON | {"confirmed": release["confirmed"]})
    assert not ClientSession.objects.active().exists()


def test_sales_have_neither_button_nor_address(sales, session):
    listed = sales.get(SESSIONS).text
    shown = sales.get(record(session)).text + sales.get(f"{SESSIONS}{session.pk}/change/").text

    assert "release" not in listed.lower()
    assert "release/" not in shown
    assert sales.get(release_page(session)).status_code == 403
    assert sales.post(release_page(session), REASON).status_code == 403
    assert ClientSession.objects.active().get() == session


def test_staff_without_a_group_see_no_session(session):
    nobody = signed_in(staff())

    assert nobody.get(SESSIONS).status_code == 403
    assert nobody.get(release_page(session)).status_code == 403


def test_account_holders_are_kept_out(session):
    holder = signed_in(UserFactory())

    assert holder.post(release_page(session), REASON, follow=True).status_code == 404
    assert ClientSession.objects.active().get() == session


@pytest.mark.parametrize("ids", ["", "id=nonsense", f"id={uuid.UUID(int=0)}"])
def test_what_is_not_there_is_not_found(support, session, ids):
    assert support.get(f"{RELEASE}?{ids}").status_code == 404


def test_not_more_than_fifty_at_once(support, session, monkeypatch):
    monkeypatch.setattr("support.admin.offers.MOST_AT_ONCE", 0)

    answer = support.post(SESSIONS, {"action": "release", "_selected_action": [str(session.pk)]})

    assert told(answer) == ["Select 0 or fewer at a time."]
