"""A customer's ALM list becomes concurrent licences."""

from __future__ import annotations

import pytest

from licensing import alm
from licensing.errors import InvalidOperation
from licensing.models import Account, Licence
from tests.factories import TESTER

pytestmark = pytest.mark.django_db

HEADING = "server,product,licences,features,split\n"


def plan(text: str) -> alm.Plan:
    return alm.plan("Brook & Co", text.encode())


def planned(text: str) -> list[tuple]:
    return [(o.name, o.seats, list(o.features)) for o in plan(text).orders]


def test_each_row_is_a_licence():
    text = HEADING + "LON-ALM,asta-powerproject,10,bim 4d,\nLEE-ALM,asta-powerproject-4d,3,,\n"

    assert planned(text) == [("LON-ALM", 10, ["bim", "4d"]), ("LEE-ALM", 3, [])]


def test_a_split_makes_a_licence_of_each_part():
    text = HEADING + "LON-ALM,asta-powerproject,10,,London 6; Leeds: 4\n"

    assert planned(text) == [("London", 6, []), ("Leeds", 4, [])]


def test_semicolons_a_byte_order_mark_and_empty_rows_are_understood():
    text = "\ufeffServer;Product;Licences\n;;\nLON;asta-powerproject;5\n"

    assert planned(text) == [("LON", 5, [])]


def test_every_bad_row_is_named_and_good_ones_are_still_planned():
    text = HEADING + (
        "A,asta-powerproject,ten,,\n"
        "B,excel,1,,\n"
        "C,asta-powerproject,2,dance,\n"
        "D,asta-powerproject,5,,\n"
        "E,asta-powerproject,5,,London 6\n"
        "F,asta-powerproject,5,,somewhere\n"
        "G,asta-powerproject,0,,\n"
    )

    result = plan(text)

    assert [order.name for order in result.orders] == ["D"]
    assert [problem.row for problem in result.problems] == [2, 3, 4, 6, 7, 8]
    assert str(result.problems[0]) == "Row 2: 'ten' is not a number of licences."
    assert str(result.problems[3]) == "Row 6: The split adds up to 6, not to 5."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "must name the columns"),
        (b"name,number\nx,1\n", "product and licences cannot be left out"),
        (HEADING.encode(), "no rows below its heading"),
        ("server,product,licences\nKöln,asta-powerproject,1\n".encode("utf-16"), "not UTF-8"),
        ("server,product,licences\nKöln,asta-powerproject,1\n".encode("latin-1"), "not UTF-8"),
    ],
)
def test_a_file_that_is_no_list_is_refused(content, words):
    with pytest.raises(InvalidOperation, match=words):
        alm.plan("Brook & Co", content)


def test_planning_makes_nothing_and_carrying_out_makes_all_of_it():
    result = plan(HEADING + "LON-ALM,asta-powerproject,10,bim,London 6; Leeds 4\n")
    assert not Account.objects.exists()

    made = alm.carry_out(result, by=TESTER, reason="ALM move")

    assert [key.licence.name for key, _ in made] == ["London", "Leeds"]
    assert Licence.objects.count() == 2


def test_with_problems_nothing_is_made():
    result = plan(HEADING + "A,asta-powerproject,1,,\nB,excel,1,,\n")

    with pytest.raises(InvalidOperation, match="1 rows that are not right"):
        alm.carry_out(result, by=TESTER, reason="ALM move")

    assert not Licence.objects.exists()
