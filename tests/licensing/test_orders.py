"""What is sold has a future, is told apart from the account's other licences, and adds up."""

from __future__ import annotations

import pytest

from licensing import alm, catalogue, errors, included, licences, numbers
from licensing.licences import Order
from licensing.models import Feature, Product
from tests.factories import TESTER, days_from_today, make_pool


def issue(**order):
    return licences.issue(Order(**({"account_name": "Brook & Co", "seats": 3} | order)), by=TESTER)


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ({"ends_on": days_from_today(-2)}, "ends_on"),
        ({"features": ["4d:4"]}, "features"),
        ({"features": ["dance"]}, "features"),
        ({"keys": ["Leeds", "LEEDS "]}, "keys"),
        ({"seats": 0}, "seats"),
    ],
)
def test_what_is_wrong_is_said_of_its_part(db, wrong, part):
    with pytest.raises(errors.InvalidOperation) as refused:
        issue(**wrong)

    assert refused.value.part == part


def test_two_licences_of_a_product_have_two_names(db):
    issue(name="London planners")
    issue(name="London planners", product="asta-powerproject-4d")
    issue(name="London planners", account_name="Hill & Dale")

    with pytest.raises(errors.InvalidOperation, match="such as “LONDON  planners 2”"):
        issue(name="LONDON  planners")


def test_a_name_is_free_when_its_licence_is_closed(db):
    key, _ = issue()
    licences.set_state(key.licence, "closed", by=TESTER)

    assert issue()[0].licence.name == "Asta Powerproject"


def test_no_licence_is_renamed_as_another(db):
    london, _ = issue(name="London")
    leeds, _ = issue(name="Leeds")

    with pytest.raises(errors.InvalidOperation, match="called LONDON already"):
        licences.rename(leeds.licence, "LONDON", by=TESTER)
    assert licences.rename(london.licence, "LONDON", by=TESTER).name == "LONDON"


def test_a_list_names_the_row_that_repeats_a_name_and_how_to_name_it(db):
    issue(name="York")
    rows = b"server,product,licences\nLON,asta-powerproject,1\nlon,asta-powerproject,2\n"

    planned = alm.plan("Brook & Co", rows + b"York,asta-powerproject,3\n")

    first, second = planned.problems
    assert first.row == 3
    assert first.words.endswith("Name this one in the column split: lon 2: 2")
    assert "called York already" in second.words


def test_a_feature_of_a_licence_is_for_no_more_than_it_has_seats(db):
    feature = Feature.objects.get(product__code="asta-powerproject", code="4d")

    with pytest.raises(errors.InvalidOperation, match="for 4 people at once: the licence has 3"):
        included.put(make_pool(3).licence, feature, seats=4, by=TESTER)


@pytest.mark.parametrize("typed", ["4d:1000", "4D : 1,000", " 4 d:1 000", "4-D:1.000"])
def test_a_code_is_understood_as_people_write_it(db, typed):
    product = Product.objects.get(code="asta-powerproject")

    [(feature, limit)] = catalogue.find_features(product, [typed]).items()

    assert (feature.code, limit) == ("4d", 1000)


@pytest.mark.parametrize("typed", ["ASTA-Powerproject", "asta powerproject", "Asta Powerproject"])
def test_a_product_is_known_by_its_name_too(db, typed):
    assert catalogue.find_product(typed).code == "asta-powerproject"


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("1 000", "1000"),
        ("1,000,000", "1000000"),
        ("1\u202f000", "1000"),
        (" 12 ", "12"),
        ("1,5", "1,5"),
        ("1,000.000", "1,000.000"),
        ("\u2212 2", "-2"),
        ("+1 000", "+1000"),
        ("ten", "ten"),
    ],
)
def test_marks_between_thousands_count_for_nothing(typed, plain):
    assert numbers.as_signed(typed) == plain
