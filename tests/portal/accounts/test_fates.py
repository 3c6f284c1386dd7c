"""Each table that names an account says what becomes of its rows when the account is merged."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from licensing import merging
from licensing.models import AccessRule, Account, ClientSession, Denial, Licence
from portal.accounts.fates import MOVES, OF_EACH
from portal.accounts.moving import MOVERS
from portal.models import Membership


def labels_of(models):
    return {model._meta.label for model in models}


def naming_an_account():
    """The models that have a foreign key to accounts, those that nobody follows back too."""
    fields = Account._meta.get_fields(include_hidden=True)
    return {field.related_model for field in fields if field.auto_created and field.is_relation}


def test_no_table_is_left_out():
    assert labels_of(naming_an_account()) == set(OF_EACH)


@pytest.mark.django_db
def test_no_column_of_the_database_is_left_out():
    """Whatever its model calls it, and whether or not it has a model."""
    found = """
        SELECT DISTINCT table_name FROM information_schema.columns
        JOIN pg_class ON relname = table_name AND NOT relispartition AND relkind <> 'v'
        WHERE table_schema = current_schema() AND column_name = 'account_id'
    """
    with connection.cursor() as cursor:
        cursor.execute(found)
        tables = {table for (table,) in cursor.fetchall()}

    known = {apps.get_model(label)._meta.db_table for label in OF_EACH}
    history = {"licensing_endedsession", "licensing_olddenial"}
    of_allauth = {"socialaccount_socialtoken"}  # its accounts are others
    assert tables - of_allauth == known - {"licensing_account"} | history


def test_each_table_that_moves_is_moved():
    of_licences = {*merging.WITH_LICENCES, Licence, AccessRule, ClientSession, Denial}
    moved = labels_of({*of_licences, *MOVERS, Membership})

    assert moved == {label for label, fate in OF_EACH.items() if fate is MOVES}
