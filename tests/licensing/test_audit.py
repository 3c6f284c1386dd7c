"""The audit record is a chain that shows every change made to it."""

from __future__ import annotations

import pytest
from django.db import Error, connection, transaction

from licensing import audit
from licensing.models import AuditEntry, OutboxEvent
from tests.factories import TESTER, AccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    account = AccountFactory()
    for number in range(4):
        audit.record(account, "tested", by=TESTER, reason=f"Reason {number}", number=number)
    return account


def tamper(sql: str) -> None:
    """Change entries as somebody could who may switch the table's trigger off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE licensing_auditentry DISABLE TRIGGER USER")
        cursor.execute(sql)
        cursor.execute("ALTER TABLE licensing_auditentry ENABLE TRIGGER USER")


def test_is_whole(account):
    assert list(account.audit_entries.values_list("number", flat=True)) == [4, 3, 2, 1]
    assert list(audit.broken_links(account)) == []


@pytest.mark.parametrize(
    "column",
    ["reason = 'Else'", "actor_name = 'Else'", "details = '{}'", "at = at - interval '1 h'"],
)
def test_a_changed_entry_shows(account, column):
    tamper(f"UPDATE licensing_auditentry SET {column} WHERE number = 2")

    assert list(audit.broken_links(account)) == [2]


def test_a_missing_entry_shows(account):
    tamper(
        "WITH events AS (DELETE FROM licensing_outboxevent) "
        "DELETE FROM licensing_auditentry WHERE number = 2"
    )

    assert list(audit.broken_links(account)) == [2]


def test_each_entry_has_an_event_to_be_told(account):
    events = OutboxEvent.objects.pending()

    assert [(event.kind, event.entry.number) for event in events] == [
        ("tested", number) for number in (1, 2, 3, 4)
    ]


def test_what_was_undone_is_not_told(account):
    with transaction.atomic():
        audit.record(account, "undone", by=TESTER)
        transaction.set_rollback(True)

    assert OutboxEvent.objects.count() == AuditEntry.objects.count() == 4


def test_the_database_refuses_to_change_or_delete_an_entry(account):
    for change in (
        lambda: AuditEntry.objects.update(reason="Else"),
        lambda: AuditEntry.objects.all().delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            change()


def test_tells_from_where_a_change_was_asked_for(account):
    with audit.asked_from(audit.Origin("192.0.2.7", "Firefox/140", "request-1")):
        entry = audit.record(account, "tested", by=TESTER)

    assert (entry.address, entry.user_agent, entry.request_id) == (
        "192.0.2.7",
        "Firefox/140",
        "request-1",
    )
    assert list(audit.broken_links(account)) == []


def test_of_a_long_name_of_a_browser_the_beginning_is_kept(account):
    with audit.asked_from(audit.Origin(user_agent="x" * 301)):
        entry = audit.record(account, "tested", by=TESTER)

    assert entry.user_agent == "x" * 300


def test_an_entry_outside_of_a_request_has_no_origin(account):
    assert set(account.audit_entries.values_list("address", "request_id")) == {(None, "")}


@pytest.mark.parametrize("column", ["address = '192.0.2.8'", "user_agent = 'X'", "request_id = ''"])
def test_a_changed_origin_shows(account, column):
    with audit.asked_from(audit.Origin("192.0.2.7", "Firefox/140", "request-1")):
        audit.record(account, "tested", by=TESTER)

    tamper(f"UPDATE licensing_auditentry SET {column} WHERE number = 5")

    assert list(audit.broken_links(account)) == [5]


def test_many_at_once_are_links_of_the_same_chain(account):
    others = [AccountFactory.build(pk=account.pk, name=name) for name in ("One", "Two")]
    entries = audit.record_all(
        [(other, {"number": number}) for number, other in enumerate(others)], "tested", by=TESTER
    )

    assert [(entry.number, entry.object_name, entry.details) for entry in entries] == [
        (5, "One", {"number": 0}),
        (6, "Two", {"number": 1}),
    ]
    assert audit.verify(account) == (6, [])
    assert [event.entry.number for event in OutboxEvent.objects.pending()] == [1, 2, 3, 4, 5, 6]


def test_nothing_to_record_leaves_nothing(account):
    assert audit.record_all([], "tested", by=TESTER) == []
    assert audit.verify(account) == (4, [])
