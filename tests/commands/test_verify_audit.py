from __future__ import annotations

import io
import json

import pgtrigger
import pytest
from django.core.management import CommandError, call_command

from licensing.models import AuditEntry
from tests.factories import AccountFactory, make_pool


def alter_second_entry_of(account):
    with pgtrigger.ignore("licensing.AuditEntry:append_only"):
        AuditEntry.objects.filter(account=account, number=2).update(reason="Nothing to see")


def test_finds_nothing_wrong(run):
    make_pool()
    make_pool()

    assert run("verify_audit") == {"accounts": 2, "broken": []}


def test_fails_and_names_what_was_altered(db):
    account, stdout = AccountFactory(name="Brook & Co"), io.StringIO()
    make_pool(account=account)
    make_pool()
    alter_second_entry_of(account)

    with pytest.raises(CommandError, match="not whole"):
        call_command("verify_audit", "--json", stdout=stdout)

    assert json.loads(stdout.getvalue()) == {
        "accounts": 2,
        "broken": [{"account": "Brook & Co", "numbers": [2]}],
    }


def test_checks_one_account_if_asked(run):
    make_pool(account=AccountFactory(name="Hill & Dale"))
    broken = AccountFactory(name="Brook & Co")
    make_pool(account=broken)
    alter_second_entry_of(broken)

    assert run("verify_audit", "--account=hill & dale") == {"accounts": 1, "broken": []}


def test_an_unknown_account_is_named(refusal):
    assert refusal("verify_audit", "--account=Nobody") == "There is no account called 'Nobody'."
