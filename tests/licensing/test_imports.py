"""A list that was confirmed is taken in a piece at a time, and no row of it twice."""

from __future__ import annotations

import contextlib
import json

import pgtrigger
import pytest
from django.db import DatabaseError, connection
from django.db.models.functions import Now

from licensing import alm, audit, imports, keygen, keygen_making, licences
from licensing.errors import AlreadyDone, InvalidOperation
from licensing.models import Account, AuditEntry, Import, Licence, OutboxEvent
from licensing.models.imports import Source
from tests.factories import TESTER, AccountFactory, make_pool
from tests.kept import kept
from tests.licensing.cut_off import MOST_STATEMENTS, cut_before, wait_for_end_of

__all__ = ["cut_before"]

pytestmark = pytest.mark.django_db


@kept
def account():
    return AccountFactory(name="Brook & Co")


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Pieces of three rows."""
    monkeypatch.setattr(imports, "ROWS_OF_A_PIECE", 3)


def begin(account, number, *, seats=2):
    rows = "".join(f"S{n},asta-powerproject,{seats}\n" for n in range(number))
    planned = alm.plan(account.name, f"server,product,licences\n{rows}".encode())
    counts = alm.counts_of(planned)
    rows_of = alm.rows_of(planned)
    return imports.begin(account, Source.ALM, rows_of, counts, by=TESTER, reason="Move")


def names():
    return list(Licence.objects.order_by("pk").values_list("name", flat=True))


def told(begun):
    rows = begun.rows.order_by("pk")
    return [(row.number, row.name, row.problem, bool(row.made), row.asked) for row in rows]


def test_a_short_list_is_done_at_once(account):
    begun = begin(account, 3)

    assert names() == ["S0", "S1", "S2"]
    assert begun.ended_at
    assert told(begun) == [(n + 2, f"S{n}", "", True, {}) for n in range(3)]


def test_of_a_short_list_all_is_made_or_nothing(account):
    planned = alm.plan(
        account.name, b"server,product,licences\nA,asta-powerproject,1\nB,asta-powerproject,1\n"
    )
    make_pool(name="B", account=account)

    with pytest.raises(InvalidOperation, match="called B already"):
        imports.begin(account, Source.ALM, alm.rows_of(planned), {}, by=TESTER, reason="Move")

    assert names() == ["B"]
    assert not Import.objects.exists()


def test_a_long_list_is_carried_on_with_until_it_is_done(account):
    begun = begin(account, 7)
    assert names() == []

    assert imports.carry_on() == 3

    assert names() == [f"S{n}" for n in range(7)]
    assert Import.objects.get().ended_at
    assert [one.from_alm.seats for one in Licence.objects.all()] == [2] * 7
    assert imports.carry_on() == 0
    [counted] = imports.of(account)
    assert (counted.number_of_rows, counted.made, counted.failed) == (7, 7, 0)
    assert begun.rows.waiting().count() == 0


def test_a_row_that_cannot_be_made_is_told_and_the_others_are_made(account):
    begun = begin(account, 5)
    make_pool(name="S1", account=account)

    imports.carry_on()

    assert names() == ["S1", "S0", "S2", "S3", "S4"]
    [failed] = begun.rows.failed()
    assert (failed.name, failed.made) == ("S1", "")
    assert "called S1 already" in failed.problem
    done = AuditEntry.objects.get(action="import_done")
    assert done.details == {"source": "alm", "began": begun.entry.number, "made": 4, "failed": 1}


def test_of_an_account_that_is_closed_meanwhile_the_rest_is_not_made_and_says_why(account):
    begun = begin(account, 5)
    Account.objects.update(closes_at=Now(), closed_at=Now())

    imports.carry_on()

    assert names() == []
    assert {row.problem for row in begun.rows.failed()} == {"The account Brook & Co is closed."}
    assert begun.rows.failed().count() == 5
    assert Import.objects.get().ended_at


def test_pieces_have_no_more_seats_than_are_made_together(account, monkeypatch):
    monkeypatch.setattr(imports, "SEATS_OF_A_PIECE", 5)
    begin(account, 3, seats=4)

    assert imports.carry_on() == 3


def test_all_of_it_is_one_act_that_each_licence_names(account):
    begun = begin(account, 4)
    imports.carry_on()

    whole = begun.entry.number
    wholes = account.audit_entries.wholes().order_by("number")
    assert [(one.action, one.actor_kind) for one in wholes] == [
        ("import_began", "command"),
        ("import_done", "system"),
    ]
    assert wholes[0].details == {"source": "alm", "licences": 4, "seats": 8}
    parts = account.audit_entries.filter(part_of=whole)
    issued = parts.filter(action="licence_issued")
    assert sorted(issued.values_list("object_id", flat=True)) == sorted(
        str(pk) for pk in Licence.objects.values_list("pk", flat=True)
    )
    assert parts.filter(action="key_issued", actor_name=TESTER.name, reason="Move").count() == 4
    assert audit.verify(account) == (10, [])
    assert sorted(OutboxEvent.objects.values_list("kind", flat=True)) == [
        "import_began",
        "import_done",
    ]


def test_a_part_that_is_made_a_whole_breaks_the_chain(account):
    begin(account, 1)
    with pgtrigger.ignore("licensing.AuditEntry:append_only"):
        AuditEntry.objects.filter(number=2).update(part_of=None)

    assert audit.verify(account) == (4, [2])


def test_one_list_of_an_account_is_taken_in_after_the_other(account):
    begin(account, 4)
    other = AccountFactory(name="Hill & Dale")

    with pytest.raises(AlreadyDone, match="An import of Brook & Co is running, begun by A test"):
        begin(account, 4)
    begin(other, 4)
    imports.carry_on()
    with pytest.raises(InvalidOperation, match="rows that are not right"):
        begin(account, 4)

    assert account.licences.count() == other.licences.count() == 4


def test_what_is_left_when_the_account_closes_is_told_as_not_made(account):
    begun = begin(account, 4)
    account.closes_at = account.closed_at = begun.began_at
    account.save()

    imports.carry_on()

    assert names() == []
    assert {"Brook & Co is closed" in row.problem for row in begun.rows.all()} == {True}


def test_an_import_that_fails_by_our_fault_keeps_no_other_waiting(account, monkeypatch):
    begin(account, 4)
    begin(AccountFactory(name="Hill & Dale"), 4)
    issue_all = licences.issue_all

    def failing(wanted, **why):
        if wanted[0].account_name == "Brook & Co":
            raise RuntimeError("a fault of ours")
        return issue_all(wanted, **why)

    with monkeypatch.context() as faulty:
        faulty.setattr(licences, "issue_all", failing)
        imports.carry_on()
    assert list(Import.objects.open().values_list("account__name", flat=True)) == ["Brook & Co"]
    assert not account.licences.exists()

    imports.carry_on()
    assert account.licences.count() == 4


def test_machines_of_keygen_come_after_their_licences(account):
    licence = {"name": "Laptops", "floating": False, "maxMachines": 4, "suspended": True}
    found = [{"type": "licenses", "id": "1", "attributes": licence}]
    for n in range(4):
        machine = {"fingerprint": f"f{n}", "hostname": f"PC-{n}"}
        of = {"license": {"data": {"id": "1"}}}
        found.append(
            {"type": "machines", "id": f"m{n}", "attributes": machine, "relationships": of}
        )
    planned = keygen.plan(account, "asta-powerproject", json.dumps({"data": found}).encode())
    rows = keygen_making.rows_of(planned)
    imports.begin(account, Source.KEYGEN, rows, {}, by=TESTER, reason="Move")

    imports.carry_on()

    made = Licence.objects.get()
    assert made.state == "suspended"
    assert sorted(made.devices.values_list("machine_name", flat=True)) == [
        f"PC-{n}" for n in range(4)
    ]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_any_statement_leaves_no_row_half_done_or_done_twice(cut_before):
    """Each time it dies one statement later, and the next one goes on from there."""
    account = AccountFactory(name="Brook & Co")
    begun = begin(account, 7)
    for number in range(1, MOST_STATEMENTS):
        process = connection.connection.info.backend_pid
        cut_before(number)
        with contextlib.suppress(DatabaseError):
            imports.carry_on()
        cut_before(0)
        connection.close()
        wait_for_end_of(process)
        settled = begun.rows.filter(settled_at__isnull=False).count()
        assert Licence.objects.count() == settled
        assert account.audit_entries.filter(action="licence_issued").count() == settled

    assert names() == [f"S{n}" for n in range(7)]
    assert account.audit_entries.filter(action="import_done").count() == 1
    assert audit.verify(account) == (16, [])
