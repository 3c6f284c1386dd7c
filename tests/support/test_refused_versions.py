"""Another minimum version of a product foretells whom it would refuse."""

from __future__ import annotations

import datetime as dt

from django.db.models.functions import Now

from licensing.models import Product
from tests.factories import make_client, make_pool, make_session, make_single_user
from tests.kept import kept
from tests.support.acting import check, do, foretold


@kept
def powerproject():
    """The product that the tests' licences are of."""
    return Product.objects.get(code="asta-powerproject")


def seen(key, version, machine, *, days=1):
    """A program of this version that was seen so many days ago; it has been closed since."""
    session = make_session(key, make_client(machine_name=machine, version=version))
    moment = Now() - dt.timedelta(days=days)
    type(session).objects.filter(pk=session.pk).update(started_at=moment, refreshed_at=moment)


def test_a_minimum_version_foretells_whom_it_would_refuse_by_account(sales, powerproject):
    brook, hill = make_pool(9), make_single_user(2)
    seen(brook, "16.0", "CAD-1")
    seen(brook, "16.1", "CAD-2")
    seen(brook, "16.0", "CAD-3", days=20)
    seen(brook, "17.0", "CAD-4")
    seen(brook, "16.0", "LONG-AGO", days=31)
    seen(hill, "16.0", "LT-1")

    page = check(sales, "product", "minimum-version", powerproject, minimum_version="17")

    assert foretold(page)[1:] == [
        "4 machines of 2 accounts had an older version when last seen, within 30 days. "
        "They would be REFUSED when they next start.",
        f"{brook.account}: 3 machines (2 with 16.0, 1 with 16.1), 3 open now.",
        f"{hill.account}: 1 machine (1 with 16.0), 1 open now.",
    ]
    do(sales, "product", "minimum-version", powerproject, minimum_version="17")
    assert Product.objects.get(pk=powerproject.pk).minimum_version == "17"


def test_a_machine_that_has_a_newer_program_by_now_is_not_foretold(sales, powerproject):
    key = make_pool(9)
    seen(key, "16.0", "CAD-1", days=9)
    make_session(key, make_client(machine_name="CAD-1", username="other", version="17.1"))

    page = check(sales, "product", "minimum-version", powerproject, minimum_version="17")

    assert foretold(page)[1:] == ["Nobody was seen with an older version in 30 days."]
