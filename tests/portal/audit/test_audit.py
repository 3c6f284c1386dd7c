"""The audit log."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from licensing import alm, audit, keys, licences
from portal.audit.log import AuditLog
from portal.lists.paging import PER_PAGE
from portal.models import Role
from portal.people import invitations
from portal.words.aliases import real_names
from tests.factories import TESTER, UserFactory, make_client, make_session
from tests.pages import said
from tests.people import signed_in

ANNA = audit.Actor("support", "7", "Anna Kowalski <anna@vendor.example>")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


def lines(response):
    """The page's lines, of all days."""
    return [line for _day, of_day in response.context["log"].days for line in of_day]


def texts(response):
    return [line.text for line in lines(response)]


def test_tells_what_was_done_from_where_and_why(manager, pool):
    session = make_session(pool, make_client(machine_name="CAD-017", username="ACME\\jsmith"))
    manager.post(
        f"/sessions/{session.pk}/release/",
        {"reason": "On leave"},
        headers={"User-Agent": FIREFOX, "X-Request-Id": "request-4821"},
    )

    response = manager.get("/audit/")

    line = lines(response)[0]
    assert (line.text, line.who, line.url) == (
        "Tom Reed released ACME\\jsmith on CAD-017.",
        "Tom Reed",
        f"/sessions/{session.pk}/",
    )
    for told in ("On leave", "127.0.0.1", "Firefox on Windows", "request-4821"):
        assert told in response.text


def test_leads_to_what_each_entry_is_about(owner, account, pool):
    keys.set_label(pool, "London office", by=TESTER)
    licences.set_seats(pool.licence, 12, by=TESTER, reason="Order 4711")

    seats, label = lines(owner.get("/audit/"))[:2]

    assert (seats.url, seats.details) == (
        f"/licences/{pool.licence_id}/",
        [("Before", "10"), ("After", "12")],
    )
    assert label.url == f"/licences/{pool.licence_id}/keys/{pool.pk}/"


def test_narrows_to_who_kind_object_and_staff(owner, account, pool):
    licences.set_seats(pool.licence, 12, by=ANNA, reason="Order 4711")
    licences.set_seats(pool.licence, 14, by=TESTER)
    with audit.asked_from(audit.Origin(request_id="request-4821")):
        invitations.invite(account, "new@example.com", Role.VIEWER, by=TESTER)

    def shown(**parameters):
        return texts(owner.get("/audit/", parameters))

    by_anna = [
        "Support (Anna Kowalski) changed the user limit of London planners from 10 to 12.",
    ]
    assert shown(who="kowalski") == by_anna
    assert shown(staff="1") == by_anna
    assert len(shown(kind="licence")) == 3
    assert len(shown(kind="key")) == 1
    assert len(shown(about=pool.serial_number)) == 1
    assert len(shown(kind="person")) == 1
    assert len(shown(about="request-4821")) == 1
    assert shown(who="\0", kind="nonsense", after="x") == shown()
    tomorrow = (timezone.localdate() + dt.timedelta(days=1)).isoformat()
    assert shown(**{"from": tomorrow}) == []


def test_shows_the_next_page_by_a_cursor(owner, account):
    for number in range(PER_PAGE + 2):
        audit.record(account, "tested", by=TESTER, number=number)

    first = owner.get("/audit/")
    second = owner.get("/audit/", {"after": first.context["log"].page.after})

    assert (len(texts(first)), len(texts(second))) == (PER_PAGE, 2)
    assert second.context["log"].page.after == ""


def test_leads_on_from_seven_quiet_days(owner, account):
    response = owner.get("/audit/")

    assert "Nothing in these 7 days." in response.text
    assert "Last 90 days" in response.text
    assert "No entries match." in owner.get("/audit/?who=nobody").text


def test_verifies_an_unbroken_chain(manager, account, pool):
    response = manager.post("/audit/verify/")

    entries = account.audit_entries.count()
    assert said(response) == [("success", f"Unbroken, {entries} entries.")]


def test_says_where_the_chain_is_broken(manager, account, pool):
    audit.record(account, "tested", by=TESTER)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE licensing_auditentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE licensing_auditentry SET reason = 'Else' WHERE number = 2")
        cursor.execute("ALTER TABLE licensing_auditentry ENABLE TRIGGER USER")

    [(level, text)] = said(manager.post("/audit/verify/"))

    assert level == "error"
    assert text.startswith("The record is broken at entry 2")


def test_cuts_what_may_be_secret_to_its_last_four_characters(owner, account):
    secrets = {"product_key": "AAAA-BBBB-CCCC-7Q2X", "token": "clt_BBBB", "secret": "SBBBBB"}
    audit.record(account, "tested", by=TESTER, **secrets, password="BBBBB")

    response = owner.get("/audit/")

    assert lines(response)[0].details == [
        ("Password", "…BBBB"),
        ("Product key", "…7Q2X"),
        ("Secret", "…BBBB"),
        ("Token", "…BBBB"),
    ]
    assert not re.search("AAAA|CCCC|BBBBB|clt_", response.text)
    answer = owner.post("/audit/export/", {"format": "jsonl"})
    entry = json.loads(b"".join(answer.streaming_content).splitlines()[0])
    assert entry["Details"]["product_key"] == "…7Q2X"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Midway"])
def test_a_day_is_the_readers(account, zone):
    entry = audit.record(account, "tested", by=TESTER)

    with timezone.override(zone):
        [(day, _lines)] = AuditLog(account, QueryDict(), real_names(account)).days
        assert day == timezone.localdate(entry.at)


def test_exports_the_view_as_lines_of_json(manager, pool):
    licences.set_seats(pool.licence, 12, by=ANNA, reason="Order 4711")

    answer = manager.post("/audit/export/?staff=1", {"format": "jsonl"})

    [entry] = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    assert (entry["Who"], entry["Reason"], entry["Details"]) == (
        "Anna Kowalski <anna@vendor.example>",
        "Order 4711",
        {"before": 10, "after": 12},
    )


def test_viewers_may_not_export_it(viewer):
    assert viewer.post("/audit/export/", {"format": "csv"}).status_code == 403


@pytest.mark.slow
def test_is_for_managers_and_owners(owner, manager, viewer, stranger, staff, client, pool):
    browsers = (owner, manager, viewer, stranger, staff, client)

    assert [browser.get("/audit/").status_code for browser in browsers] == [
        200, 200, 403, 200, 404, 302,
    ]  # fmt: skip
    assert "London planners" not in stranger.get("/audit/").text
    assert viewer.post("/audit/verify/").status_code == 403
    assert "Audit log" in manager.get("/").text
    assert "Audit log" not in viewer.get("/").text


def test_a_person_without_an_account_finds_nothing(db):
    assert signed_in(UserFactory()).get("/audit/").status_code == 404


@pytest.mark.parametrize("entries", [1, 3])
def test_needs_as_many_queries_for_many_entries(
    owner, account, pool, django_assert_num_queries, entries
):
    for number in range(entries):
        keys.set_label(pool, f"Office {number}", by=TESTER)

    with django_assert_num_queries(6):
        owner.get("/audit/")


def test_an_import_is_one_line_that_leads_to_all_it_made(manager, account):
    rows = b"".join(b"S%d,asta-powerproject,2\n" % n for n in range(3))
    planned = alm.plan(account.name, b"server,product,licences\n" + rows)
    made = alm.carry_out(planned, by=ANNA, reason="The move")

    done, began = lines(manager.get("/audit/"))[:2]

    assert began.text == (
        "Support (Anna Kowalski) began to import an ALM list: licences 3, seats 6."
    )
    number = began.entry.number
    assert done.text == f"The import of entry {number} is done. Made: 3."
    parts = texts(manager.get(done.url))
    assert len(parts) == 6
    assert parts[-1] == (
        "Support (Anna Kowalski) issued the pool S0 with a user limit of 2. "
        f"It came by the import of entry {number}."
    )
    assert any("pool S1 " in text for text in texts(manager.get("/audit/?about=S1")))
    history = manager.get(f"/licences/{made[0][0].licence_id}/").text
    assert f"It came by the import of entry {number}." in history
