"""Records are found by what a caller reads out."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from licensing import keys, sessions
from licensing.models import AuditEntry
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    make_client,
    make_pool,
    make_session,
)
from tests.kept import kept

SESSIONS = "/admin/licensing/clientsession/"


@kept
def key():
    return make_pool(account=AccountFactory(name="Brook & Co"))


@kept
def session(key):
    """The session that is looked for, among others."""
    make_session(make_pool())
    return make_session(key, make_client(machine_name="CAD-X17", username="BROOK\\jsmith"))


def found(client, address, q, **filters):
    return list(client.get(address, {"q": q} | filters).context["cl"].result_list)


def test_a_session_by_user_machine_or_account(support, session):
    for q in (
        "jsmith",
        "JSMITH",
        "cad-x1",
        "jsmith cad-x17",
        "brook & co",
        "JSmith@brook.example",
        "Jo Smith <jsmith@brook.example>",
    ):
        assert found(support, SESSIONS, q) == [session], q


def test_a_session_by_its_id_whatever_became_of_it(support, session):
    sessions.close(session.pk)

    assert found(support, SESSIONS, str(session.pk).upper()) == [session]


def test_a_session_by_any_serial_number_of_its_licence(support, key, session):
    other, _ = keys.issue(key.licence, by=TESTER)

    serial = key.serial_number
    for typed in (serial, serial.lower(), serial.replace("-", " "), other.serial_number):
        assert found(support, SESSIONS, typed) == [session], typed


def test_ended_sessions_are_a_filter_away(support, session):
    sessions.close(session.pk)

    assert found(support, SESSIONS, "jsmith") == []
    assert found(support, SESSIONS, r"Brook\JSmith", seat="ended") == [session]
    assert found(support, SESSIONS, "jsmith co", seat="ended") == [session]
    assert found(support, SESSIONS, "cad-x", seat="all") == [session]
    assert found(support, SESSIONS, "jsmith@brook.example", seat="all") == [session]


def test_history_is_not_listed_without_a_name(support, session):
    sessions.close(session.pk)

    page = support.get(SESSIONS, {"seat": "all"})

    assert list(page.context["cl"].result_list) == []
    assert "Search for a user, machine, account or serial number" in page.text


OTHERS = """
    INSERT INTO licensing_clientsession (
        id, account_id, licence_id, key_id, identity, machine_name, username, os_session, machine,
        person, version, features, started_at, refreshed_at, grace_until, ended_at, end_reason
    )
    SELECT
        gen_random_uuid(), account_id, CASE mod(n, 10) WHEN 0 THEN licence_id ELSE %s END, key_id,
        gen_random_uuid(), 'PC-' || n,
        'user' || n, '', 'pc-' || n, 'user' || n, '16', '{}', now(), now(), now(), now(), 'closed'
    FROM licensing_clientsession, generate_series(1, 2000) AS n
"""


@pytest.fixture
def months_of_sessions(session):
    """So much history, most of it another licence's, that an index is worth its while, and the
    planner knows of it."""
    with connection.cursor() as cursor:
        cursor.execute(OTHERS, [make_pool(1).licence_id])
        cursor.execute("ANALYZE")


OF_THOSE_THAT_GO_ON = {"active_sessions|one_active_session_per_identity"}
BY_NAME_ENDED = {"ended_sessions_by_person", "ended_sessions_by_machine"}
GOES_BY = [
    ("", "", OF_THOSE_THAT_GO_ON),
    ("jsmith", "", OF_THOSE_THAT_GO_ON),
    ("cad-x17 jsmith", "", OF_THOSE_THAT_GO_ON),
    ("jsmith", "all", OF_THOSE_THAT_GO_ON | BY_NAME_ENDED),
    ("jsmith", "ended", BY_NAME_ENDED),
    ("jsmith@brook.example", "ended", BY_NAME_ENDED),
    ("brook & co", "all", {"sessions_of_licence"}),
    ("brook jsmith", "ended", {"sessions_of_licence"}),
    ("{serial}", "all", {"sessions_of_licence"}),
    ("{id}", "", {"licensing_clientsession_pkey"}),
]


@pytest.mark.slow
def test_a_search_goes_by_an_index(support, key, session, months_of_sessions):
    for asked, seat, indexes in GOES_BY:
        q = asked.format(serial=key.serial_number, id=session.pk)
        page = support.get(SESSIONS, {"q": q} | ({"seat": seat} if seat else {}))
        searched = page.context["cl"].queryset.order_by()

        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = searched.explain()

        assert {index for index in indexes if re.search(index, plan)} == indexes, (asked, plan)
        assert "Seq Scan on licensing_clientsession" not in plan, asked


def test_what_a_serial_number_belongs_to(support, key, session):
    belongs_to = {"account": key.account, "licence": key.licence, "productkey": key}

    for table, expected in belongs_to.items():
        address = f"/admin/licensing/{table}/"
        assert found(support, address, key.serial_number.lower()) == [expected], table


def test_a_key_by_its_last_characters(support, key):
    assert found(support, "/admin/licensing/productkey/", key.last_four.lower()) == [key]


def test_a_membership_by_an_address_with_its_name(support):
    member = MembershipFactory(user__email="priya@brook.example")

    q = "Priya Shah <priya@brook.example>"
    assert found(support, "/admin/portal/membership/", q) == [member]


def test_audit_entries_by_the_id_of_a_session(support, session):
    sessions.release(session, by=TESTER)

    entry = AuditEntry.objects.get(action="session_released")
    assert found(support, "/admin/licensing/auditentry/", str(session.pk)) == [entry]


def test_nonsense_finds_nothing(support, session):
    assert found(support, SESSIONS, "0000-0000-0001") == []
    assert found(support, SESSIONS, "'\"%_\\") == []


def test_finds_names_as_they_are_compared(support):
    account = AccountFactory(name="Großer Ärger")
    session = make_session(make_pool(account=account))

    for q in ("GROSSER", "a\u0308rger großer"):
        assert found(support, "/admin/licensing/account/", q) == [account], q
        assert found(support, SESSIONS, q) == [session], q
