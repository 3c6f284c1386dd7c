"""``manage.py block`` and ``unblock``."""

from __future__ import annotations

import pytest

from licensing import errors, sessions
from licensing.models import AccessRule, AuditEntry
from tests.factories import make_client, make_pool

WHY = "--reason=Left the company"


def block(run, pool, *arguments):
    return run("block", f"--account={pool.account.name}", *arguments, WHY)


def test_blocks_a_user_of_the_account(run, pool):
    answer = block(run, pool, "--username=ACME\\jsmith")

    rule = AccessRule.objects.get()
    assert answer | {"starts_at": "", "created_by": ""} == {
        "rule": rule.pk,
        "account": pool.account.name,
        "licence": None,
        "effect": "block",
        "username": "ACME\\jsmith",
        "machine_name": "",
        "reason": "Left the company",
        "starts_at": "",
        "ends_at": None,
        "created_by": "",
    }
    with pytest.raises(errors.AccessBlocked):
        sessions.check_out(pool, make_client(username="acme\\JSMITH"))


def test_blocks_a_machine_of_one_licence(run, pool):
    answer = block(run, pool, "--machine=CAD-*", f"--serial-number={pool.serial_number}")

    assert (answer["licence"], answer["machine_name"]) == (pool.licence_id, "CAD-*")


def test_everybody_must_be_meant(run, refusal, pool):
    said = refusal("block", f"--account={pool.account.name}", WHY)

    assert said.startswith("This rule is about everybody.")
    assert block(run, pool, "--everybody")["username"] == ""


def test_another_accounts_licence_is_refused(refusal, pool):
    other = make_pool(1)

    said = refusal(
        "block", f"--account={pool.account.name}", "--username=x",
        f"--serial-number={other.serial_number}", WHY,
    )  # fmt: skip

    assert said == f"{other.serial_number} is not a serial number of {pool.account}."


def test_unblock_lifts_it(run, pool):
    rule = block(run, pool, "--username=ACME\\jsmith")

    answer = run("unblock", f"--account={pool.account.name}", "--username=acme\\jsmith", WHY)

    assert (answer["rule"], answer["also_lifted"]) == (rule["rule"], [])
    assert answer["ends_at"]
    assert sessions.check_out(pool, make_client(username="ACME\\jsmith"))
    assert AuditEntry.objects.filter(action="rule_lifted").count() == 1


def test_unblock_of_nothing_says_so(refusal, pool):
    said = refusal("unblock", f"--account={pool.account.name}", "--username=x", WHY)

    assert said == f"{pool.account} has no block in force for user 'x' on machine '*'."
