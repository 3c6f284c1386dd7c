"""One customer is one account, however its name is written."""

from __future__ import annotations

import importlib

import pytest
from django.db import IntegrityError

from licensing import accounts
from licensing.errors import AlreadyDone
from licensing.models import Account
from tests.factories import TESTER

NAME = "Ärzte Groß & Co"
ALIKE = [
    "ÄRZTE GROSS & CO",
    "A\u0308rzte Groß & Co",
    "Ärzte  Groß & Co ",
    "Ärzte\u00a0Groß\u202f&\u3000Co",
]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ALIKE)
def test_an_account_that_is_there_is_not_opened_again(name):
    first = accounts.open_new(Account(name=NAME), by=TESTER)

    with pytest.raises(AlreadyDone, match=f"There is an account called {NAME} already"):
        accounts.open_new(Account(name=name), by=TESTER)

    assert accounts.named(name, by=TESTER) == first
    with pytest.raises(IntegrityError, match="customer_is_one_account"):
        Account.objects.create(name=name)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [NAME, ALIKE[3]])
def test_one_that_is_opened_while_its_name_is_looked_for_is_refused_alike(name, monkeypatch):
    accounts.open_new(Account(name=NAME), by=TESTER)
    looks = iter([None, NAME])
    monkeypatch.setattr(accounts, "find", lambda name: next(looks))

    with pytest.raises(AlreadyDone, match=f"There is an account called {NAME} already") as refused:
        accounts.open_new(Account(name=name), by=TESTER)

    assert refused.value.part == "name"
    assert Account.objects.called(NAME).count() == 1


@pytest.mark.django_db
def test_a_name_is_kept_with_single_blanks_and_composed_letters():
    account = accounts.open_new(Account(name=" A\u0308rzte\u00a0 & Co "), by=TESTER)

    assert account.name == "Ärzte & Co"


@pytest.mark.django_db
def test_those_that_were_two_before_stay_two():
    names = [NAME, *(name.strip() for name in ALIKE[1:])]
    Account.objects.bulk_create(Account(name=name, is_namesake=True) for name in names)
    mark = importlib.import_module("licensing.migrations.0036_namesakes_so_far")

    later = list(mark.later_ones(Account.objects.order_by("pk").values_list("pk", "name")))
    Account.objects.exclude(pk__in=later).update(is_namesake=False)

    assert [accounts.find(name).name for name in names] == names
    assert accounts.find(ALIKE[0]).name == NAME
