"""What stands against a merge is said in words, and nothing is done; where rules hold then."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from licensing import alm, errors, imports, rules, sessions
from licensing.models import AccessRule, Account, Licence
from licensing.models.imports import Source
from licensing.models.rules import Effect
from licensing.rules import NewRule
from portal.accounts import closing, merging
from tests.factories import TESTER, make_client, make_pool, make_session

pytestmark = pytest.mark.django_db


def merge(old, new):
    return merging.merge(old, new, by=TESTER)


def refused(key, client):
    with pytest.raises(errors.LicensingError):
        sessions.check_out(key, client)


def itself(old, new):
    return new, new


def closed_one(old, new):
    closing.ask(old, by=TESTER)
    Account.objects.filter(pk=old.pk).update(closes_at=Now())
    closing.carry_out_due()
    return old, new


def into_a_closed_one(old, new):
    old, new = closed_one(new, old)
    return new, old


def about_to_close(old, new):
    closing.ask(old, by=TESTER)
    return old, new


def into_one_about_to_close(old, new):
    closing.ask(new, by=TESTER)
    return old, new


def importing(old, new):
    rows = "".join(f"S{n},asta-powerproject,1\n" for n in range(imports.ROWS_OF_A_PIECE + 1))
    planned = alm.plan(old.name, f"server,product,licences\n{rows}".encode())
    imports.begin(old, Source.ALM, alm.rows_of(planned), {}, by=TESTER, reason="Move")
    return old, new


def into_one_importing(old, new):
    importing(new, old)
    return old, new


def twice(old, new):
    merge(old, new)
    return old, new


REFUSED = {
    itself: "can't be merged into itself",
    closed_one: "Hill & Dale is closed.",
    into_a_closed_one: "Brook & Co is closed.",
    about_to_close: "Hill & Dale is about to close: cancel that first.",
    into_one_about_to_close: "Brook & Co is about to close",
    importing: "An import of Hill & Dale is running: merge once it is done.",
    into_one_importing: "An import of Brook & Co is running",
    twice: "Hill & Dale was merged into Brook & Co already.",
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_said_and_nothing_is_done(old, new, case):
    make_pool(account=old)
    pair = case(old, new)
    before = list(Licence.objects.values("account", "state"))

    with pytest.raises(errors.InvalidOperation, match=REFUSED[case]):
        merge(*pair)

    assert list(Licence.objects.values("account", "state")) == before


def test_the_schema_knows_no_merged_account_that_is_open_or_in_itself(old, new):
    now = {"closes_at": Now(), "closed_at": Now()}
    for values in ({"merged_into": new}, {"merged_into": old} | now):
        with pytest.raises(IntegrityError, match="account_is_merged"), transaction.atomic():
            Account.objects.filter(pk=old.pk).update(**values)


def test_rules_hold_where_they_held(old, new):
    key, ours = make_pool(account=old), make_pool(account=new)
    rules.add(old, NewRule(username="ANNA", effect=Effect.ALLOW), by=TESTER)
    over = rules.add(old, NewRule(username="bob"), by=TESTER)
    rules.lift(over, by=TESTER)
    anna, bob = make_client(username="ANNA"), make_client(username="bob")

    merge(old, new)

    assert sessions.check_out(key, anna)
    refused(key, bob)
    assert sessions.check_out(ours, bob)
    assert list(AccessRule.objects.filter(account=old)) == [
        AccessRule.objects.get(pk=over.pk),
        *AccessRule.objects.filter(account=old, effect=Effect.ALLOW),
    ]


def test_no_open_session_is_ended_by_rules_of_the_other(old, new):
    make_session(make_pool(account=old), make_client(username="bob"))
    rule = rules.add(new, NewRule(username="b*"), by=TESTER)

    with pytest.raises(errors.InvalidOperation, match="would end 1 open session of Hill & Dale"):
        merge(old, new)

    rules.lift(rule, by=TESTER)
    assert merge(old, new)
