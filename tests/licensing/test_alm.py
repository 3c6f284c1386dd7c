"""A customer's ALM list becomes concurrent licences."""

from __future__ import annotations

from collections import Counter

import pytest

from licensing import alm, audit, keys
from licensing.alm import MOST_ROWS
from licensing.errors import InvalidOperation
from licensing.models import Account, FeatureSeat, Licence, LimitChange, Seat
from tests.factories import TESTER, AccountFactory, make_pool

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


def test_a_row_without_a_server_is_called_as_the_row_says():
    text = "product,licences,features,peak\nasta-powerproject,5,bim,\nasta-powerproject,5,4d,many\n"

    result = plan(text)

    assert [order.name for order in result.orders] == ["Asta Powerproject bim"]
    [problem] = result.problems
    assert str(problem).startswith("Row 3: The peak is 'many', and not a number such as 9")


def test_semicolons_a_byte_order_mark_and_empty_rows_are_understood():
    text = "\ufeffServer;Product;Licences\n;;\nLON;asta-powerproject;5\n"

    assert planned(text) == [("LON", 5, [])]


def test_rows_are_counted_as_a_spreadsheet_does(monkeypatch):
    monkeypatch.setattr(alm, "MOST_ROWS", 2)
    text = HEADING + 'A,asta-powerproject,5,"bim\n4d",\n\nB,asta-powerproject,ten,,\n\n,,,,\n'

    assert [problem.row for problem in plan(text).problems][-1] == 4
    with pytest.raises(InvalidOperation, match="more than 2 rows"):
        plan(text + "C,asta-powerproject,5,,\n")


def test_a_column_is_named_once():
    with pytest.raises(InvalidOperation, match="names the column licences twice"):
        plan("product,licences,Licences\nasta-powerproject,5,6\n")


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


BROKEN = {
    "asta-powerproject,ten,,": "'ten' is not a number",
    "asta-powerproject,,,": "'' is not a number",
    "asta-powerproject,-1,,": "'-1' is not a number",
    "asta-powerproject,1000000000,,": "between 1 and",
    "asta-powerproject,0,,": "between 1 and",
    "excel,1,,": "There is no product 'excel'",
    ",1,,": "There is no product ''",
    "asta-powerproject,1,dance,": "has no feature dance",
    "asta-powerproject,1,bim BIM,": "Name each feature once: bim",
    "asta-powerproject,1,bim:9,": "can't be for 9 people at once",
    "asta-powerproject,5,,London 6": "The split adds up to 6, not to 5",
    "asta-powerproject,5,,somewhere": "'somewhere' is not a name and a number",
    "asta-powerproject,2,,Leeds 1; leeds 1": "is the name of two licences",
    "asta-powerproject,1,,There before 1": "has a licence of Asta Powerproject called There before",
    "asta-powerproject,1,,,": "",
}
"""Rows, after the server, and what is said of each; the last is right."""


@pytest.mark.slow
def test_of_a_list_just_short_enough_each_broken_row_is_told(django_assert_max_num_queries):
    make_pool(name="There before", account=AccountFactory(name="Brook & Co"))
    kinds = list(BROKEN.items())
    rows = [(f"S{n},{row}", words) for n in range(MOST_ROWS) for row, words in [kinds[n % 15]]]

    with django_assert_max_num_queries(5):
        result = plan(HEADING + "\n".join(row for row, _ in rows))

    told = {problem.row: problem.words for problem in result.problems}
    wanted = {number: words for number, (_, words) in enumerate(rows, start=2) if words}
    assert told.keys() == wanted.keys()
    assert [row for row, words in wanted.items() if words not in told[row]] == []
    with pytest.raises(InvalidOperation, match="rows that are not right"):
        alm.carry_out(result, by=TESTER, reason="ALM move")
    assert Licence.objects.count() == 1


def test_a_list_that_is_too_long_is_refused_before_anything_is_looked_up(
    django_assert_num_queries,
):
    text = HEADING + "S,asta-powerproject,1,,\n" * (MOST_ROWS + 1)

    with django_assert_num_queries(0), pytest.raises(InvalidOperation, match="than 10,000 rows"):
        plan(text)

    assert not Account.objects.exists()


def test_more_seats_than_are_made_at_once_are_refused():
    text = HEADING + "".join(f"S{n},asta-powerproject,100000,,\n" for n in range(6))

    with pytest.raises(InvalidOperation, match="600,000 seats in all, and 500,000 are made"):
        plan(text)


@pytest.mark.slow
def test_a_list_takes_few_statements_more_than_a_row(django_assert_max_num_queries):
    rows = [f"S{n},asta-powerproject,2,bim 4d:1,\n" for n in range(300)]

    with django_assert_max_num_queries(80):
        made = alm.carry_out(plan(HEADING + "".join(rows)), by=TESTER, reason="ALM move")

    account = Account.objects.get()
    assert [key.licence.name for key, _ in made] == [f"S{n}" for n in range(300)]
    assert Seat.objects.count() == 600
    assert all(keys.authenticate(key.serial_number, plain) == key for key, plain in made[::100])
    changed = LimitChange.objects.order_by().values_list("feature__code", "seats")
    assert Counter(changed) == {(None, 2): 300, ("bim", None): 300, ("4d", 1): 300}
    assert FeatureSeat.objects.count() == 300
    assert audit.verify(account) == (603, [])
