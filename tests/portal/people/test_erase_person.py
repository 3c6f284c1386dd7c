"""Somebody is erased from an account: who they were goes, what was counted stays."""

from __future__ import annotations

import datetime as dt

import pgtrigger
import pytest
from django.db import connection

from licensing import audit, denials, devices, errors, history, rules, sessions
from licensing.errors import InvalidOperation
from licensing.models import AuditEntry, ClientSession, Denial, Device
from licensing.rules import NewRule
from portal.models import CustomerRequest, Role, User
from portal.people import erasing, personal_data
from portal.people.personal_data import PersonalData
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    UserFactory,
    make_client,
    make_pool,
    make_session,
    make_single_user,
    move_back,
)

WHO = "BROOK\\j.smith"
EMAIL = "j.smith@brook.example"
NAME = "Jonathan Smithers"
MACHINE = "SMITH-PC"
FORMS = ("j.smith", "smith-pc", "smithers")
REASON = "They asked for it in writing"
ANNA = audit.Actor("support", "7", "Anna <anna@vendor.example>")


@pytest.fixture
def pool(db):
    account = AccountFactory(name="Brook & Co")
    MembershipFactory(account=account)
    return make_pool(9, account=account)


@pytest.fixture
def held(pool):
    """Somebody of whom there is some of everything, and somebody else who shares a machine."""
    account = pool.account
    member = MembershipFactory(
        account=account, role=Role.MANAGER, user__name=NAME, user__email=EMAIL
    )
    long_ago = opened(pool, WHO, MACHINE)
    sessions.release(long_ago, by=member.user.as_actor, reason="J.Smith is on holiday")
    move_back(long_ago, dt.timedelta(days=90))
    history.move()
    for who, machine in ((EMAIL, MACHINE), (WHO, "SHARED"), ("j.smith", MACHINE)):
        sessions.close(opened(pool, who, machine).pk)
    sessions.close(opened(pool, "BROOK\\a.jones", "SHARED").pk)
    device = opened(make_single_user(account=account), WHO, MACHINE)
    sessions.close(device.pk)
    devices.free(Device.objects.get(), by=TESTER, limited=False)
    asked = make_client(username=WHO, machine_name=MACHINE)
    denials.record(pool, asked, errors.PoolExhausted())
    for pattern in rules.user_forms("j.smith")[1:]:
        of_leaver = NewRule(username=pattern, machine_name="KIOSK")
        rules.add(account, of_leaver, by=member.user.as_actor)
    CustomerRequest.objects.create(
        account=account, text=f"A seat for {WHO}.", asked_by=NAME, asked_by_email=EMAIL
    )
    return PersonalData(account, WHO, EMAIL)


def opened(key, who, machine):
    return make_session(key, make_client(username=who, machine_name=machine))


def erase(held, **options):
    return erasing.erase(held, by=TESTER, reason=REASON, **options)[0]


def all_rows() -> str:
    """Every row of the product's tables, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename ~ "
            "'^(licensing|portal|support|account|mfa|usersessions)_'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        rows = []
        for table in tables:
            cursor.execute(f'SELECT to_jsonb(told)::text FROM "{table}" told')
            rows += [f"{table}: {row}" for (row,) in cursor.fetchall()]
    return "\n".join(rows).casefold()


def figures(account):
    """What is counted of an account."""
    every = ClientSession.every.filter(account=account)
    seen = every.values("person").distinct().count(), every.values("machine").distinct().count()
    refused = Denial.every.filter(account=account).values_list("code", "count", "first_at")
    return every.count(), seen, every.values("identity").distinct().count(), list(refused)


def test_no_form_of_the_name_is_left_anywhere(held):
    before = [row for row in all_rows().splitlines() if any(form in row for form in FORMS)]

    erase(held)

    assert len(before) > 12
    assert [row for row in all_rows().splitlines() if any(form in row for form in FORMS)] == []
    assert "a.jones" in all_rows()


def test_what_is_counted_stays(held):
    before = figures(held.account)

    erase(held)

    assert figures(held.account) == before
    shared = ClientSession.every.filter(machine="shared")
    assert shared.count() == 2


def test_the_record_stays_whole_and_says_so(held):
    count = held.account.audit_entries.count()

    entry = erase(held)

    assert list(audit.broken_links(held.account)) == []
    assert held.account.audit_entries.count() == count + 2  # the role, too
    assert entry.details["sessions"] == 5
    assert entry.details["audit_entries"] == 5
    assert entry.details["alias"].startswith("erased-")


@pytest.mark.parametrize(
    "tampered",
    [
        "object_name = 'Else' WHERE rewritten <> ''",
        "rewritten = '' WHERE rewritten <> ''",
        "reason = 'Else' WHERE rewritten = ''",
        "digest = rewritten WHERE rewritten <> ''",
    ],
)
def test_what_is_changed_afterwards_shows(held, tampered):
    erase(held)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE licensing_auditentry DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE licensing_auditentry SET {tampered}")
        cursor.execute("ALTER TABLE licensing_auditentry ENABLE TRIGGER USER")

    assert list(audit.broken_links(held.account)) != []


def forge(entry):
    """Have an entry say something else, as who knows how names are taken out could."""
    before = AuditEntry.objects.filter(account=entry.account, number=entry.number - 1).first()
    entry.reason = "Forged"
    entry.rewritten = audit.digest(entry, after=before.digest if before else audit.FIRST)
    with pgtrigger.ignore("licensing.AuditEntry:append_only"):
        entry.save(update_fields=["reason", "rewritten"])


@pytest.mark.parametrize("is_erased", [True, False])
def test_a_forged_entry_is_not_in_the_seal(held, is_erased):
    if is_erased:
        erase(held)

    forge(held.account.audit_entries.earliest("number"))

    assert list(audit.broken_links(held.account)) != []


def test_a_second_one_leaves_the_first_sealed(held):
    erase(held)

    erase(PersonalData(held.account, "BROOK\\a.jones"))

    assert list(audit.broken_links(held.account)) == []


def test_twice_there_is_nothing_left(held):
    erase(held)

    with pytest.raises(InvalidOperation, match="nothing is left"):
        erase(PersonalData(held.account, WHO, EMAIL))


def test_an_open_session_is_released_first_when_asked(held, pool):
    session = opened(pool, WHO, MACHINE)

    with pytest.raises(InvalidOperation, match="1 open now"):
        erase(held)
    erase(PersonalData(held.account, WHO, EMAIL), release=True)

    session.refresh_from_db()
    assert (session.end_reason, session.username[:7]) == ("released", "erased-")


@pytest.mark.parametrize("called", ["email", "username"])
def test_what_our_own_staff_did_stays_in_the_record(pool, called):
    UserFactory(email="anna@vendor.example", is_staff=True)
    audit.record(pool.account, "account.renamed", by=ANNA)

    with pytest.raises(InvalidOperation, match="is one of our own staff"):
        erase(PersonalData(pool.account, **{called: "Anna@vendor.example"}))


def test_the_last_owner_stays(pool):
    owner = pool.account.memberships.get().user

    with pytest.raises(InvalidOperation, match="needs an owner"):
        erase(PersonalData(pool.account, email=owner.email))


def test_who_has_another_account_goes_on_signing_in(held):
    user = User.objects.get(email=EMAIL)
    MembershipFactory(user=user)

    erase(held)

    assert list(User.objects.get(pk=user.pk).memberships.values_list("account__name")) != []
    assert not held.account.memberships.filter(user=user).exists()


def test_a_namesake_of_another_domain_stays(held, pool):
    sessions.close(opened(pool, "CONTRACTORS\\j.smith", "OTHER").pk)
    again = PersonalData(held.account, WHO, EMAIL)

    erase(again)

    left = ClientSession.every.filter(person="contractors\\j.smith")
    assert left.get().username == "CONTRACTORS\\j.smith"


def test_another_account_is_left_alone(held):
    other = make_pool()
    sessions.close(opened(other, WHO, MACHINE).pk)

    erase(held)

    assert ClientSession.every.get(account=other.account).username == WHO


def test_an_export_has_all_of_it(held):
    document = personal_data.export(held, by=TESTER, reason=REASON)

    assert len(document["sessions"]) == 5
    assert [len(document[kind]) for kind in ("denials", "devices", "access_rules")] == [1, 1, 2]
    assert document["requests"][0]["text"] == f"A seat for {WHO}."
    assert document["portal"]["name"] == NAME
    assert "session_released" in {entry["action"] for entry in document["audit_entries"]}
    assert AuditEntry.objects.get(action="person_exported").details["username"] == WHO


def test_an_address_is_who_signs_in_with_it_wherever_it_was_typed(held):
    by_user_name = PersonalData(held.account, EMAIL.upper())

    assert by_user_name.user == held.user
    assert personal_data.export(by_user_name, by=TESTER, reason=REASON)["portal"]["name"] == NAME


def test_of_nobody_there_is_nothing_to_export(pool):
    with pytest.raises(InvalidOperation, match="holds nothing of nobody"):
        personal_data.export(PersonalData(pool.account, "nobody"), by=TESTER, reason=REASON)
