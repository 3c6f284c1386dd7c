"""An order by a licence template, through the vendor's API."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import catalogue
from licensing.models import Licence
from tests.api.vendor.shop import read, send
from tests.factories import TESTER, make_template
from tests.kept import kept

ORDER = {"template": "year", "order_reference": "SO-1"}


@kept
def template():
    """Five seats for a year with two features, under a strict policy."""
    return make_template(name="A year", code="year")


def test_what_an_order_leaves_out_is_as_the_template_has_it(client, token, account, template):
    sold = send(client, token, f"accounts/{account.pk}/licences", ORDER).json()

    assert (sold["product"], sold["seats"], sold["usage_model"]) == (
        "asta-powerproject", 5, "concurrent",
    )  # fmt: skip
    assert [(one["code"], one["seats"]) for one in sold["features"]] == [("4d", 3), ("bim", None)]
    licence = Licence.objects.get()
    assert licence.grace_period == dt.timedelta(minutes=15)
    assert 363 <= (licence.ends_on - licence.today).days <= 365


def test_what_an_order_says_goes_before_the_template(client, token, account, template):
    own = {"seats": 8, "features": [], "ends_on": None, "policy": "Hold", "name": "Ours"}

    sold = send(client, token, f"accounts/{account.pk}/licences", ORDER | own).json()

    assert (sold["seats"], sold["features"], sold["ends_on"]) == (8, [], None)
    assert Licence.objects.get().reclaim_after is None


def test_a_term_counts_from_the_first_day(client, token, account, template):
    own = {"starts_on": "2090-01-01"}

    sold = send(client, token, f"accounts/{account.pk}/licences", ORDER | own).json()

    assert sold["ends_on"] == "2090-12-31"


@pytest.mark.parametrize(
    ("order", "pointers"),
    [
        ({"order_reference": "SO-1"}, {"/product", "/seats"}),
        ({"order_reference": "SO-1", "template": "nothing"}, {"/template"}),
        ({"order_reference": "SO-1", "template": "old"}, {"/template"}),
    ],
)
def test_an_order_without_a_template_on_sale_needs_its_own(
    client, token, account, template, order, pointers
):
    catalogue.withdraw(make_template(name="Old", code="old"), by=TESTER)

    answer = send(client, token, f"accounts/{account.pk}/licences", order)

    assert answer.status_code == 409
    assert {one["pointer"] for one in answer.json()["errors"]} == pointers
    assert not Licence.objects.exists()


def test_a_shop_reads_which_templates_there_are(client, token, template):
    make_template(name="Old", code="old", withdrawn_at=dt.datetime.now(dt.UTC))

    [told] = read(client, token, "templates").json()["data"]

    assert told == {
        "id": template.pk,
        "code": "year",
        "name": "A year",
        "product": "asta-powerproject",
        "usage_model": "concurrent",
        "seats": 5,
        "features": ["bim", "4d:3"],
        "months": 12,
        "policy": "Strict",
    }
