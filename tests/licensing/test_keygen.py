"""A customer's licences and machines of Keygen become licences and devices, once."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licensing import keygen, keygen_making
from licensing.errors import InvalidOperation
from licensing.models import Account, AuditEntry, Device, Licence
from tests.factories import TESTER, AccountFactory
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def account():
    return AccountFactory(name="Brook & Co")


def licence(number: str, **attributes) -> dict:
    usual = {"name": f"L {number}", "floating": True, "maxMachines": 5, "expiry": None}
    return {
        "type": "licenses",
        "id": number,
        "attributes": usual | {"suspended": False, "key": "SECRET"} | attributes,
        "relationships": {"product": {"data": {"type": "products", "id": "p-1"}}},
    }


def machine(number: str, of: str, **attributes) -> dict:
    return {
        "type": "machines",
        "id": number,
        "attributes": {"fingerprint": f"fp-{number}", "hostname": f"PC-{number}"} | attributes,
        "relationships": {"license": {"data": {"type": "licenses", "id": of}}},
    }


def document(*resources: dict) -> bytes:
    return json.dumps({"data": resources}).encode()


def plan(account: Account, *contents: bytes) -> keygen.Plan:
    return keygen.plan(account, "asta-powerproject", *contents)


def carry_out(account: Account, planned: keygen.Plan) -> list[Licence]:
    return keygen_making.carry_out(account, planned, by=TESTER, reason="Moved")


SEVERAL = document(
    licence("1", name="Planners", expiry="2050-01-31T12:00:00.000Z", maxMachines=10),
    licence("2", name="Laptops", floating=False, maxMachines=2, suspended=True),
    licence("3", name="Old", expiry="2020-01-01T00:00:00Z"),
    licence("4aaaaaaaa", name=None, floating=False, maxMachines=None),
    machine("1", "2"),
    machine("2", "2", hostname=None, name="LAP-2"),
    machine("3", "1"),
    machine("4", "3"),
    machine("5", "4aaaaaaaa", hostname=None),
)


def test_licences_have_their_seats_term_state_and_machines(account):
    planned = plan(account, SEVERAL)
    assert not Licence.objects.exists()

    carry_out(account, planned)

    assert planned.problems == []
    assert sorted(Licence.objects.values_list("name", "usage_model", "seats", "state")) == [
        ("Keygen 4aaaaaaa", "single-user", 1, "active"),
        ("Laptops", "single-user", 2, "suspended"),
        ("Planners", "concurrent", 10, "active"),
    ]
    assert str(Licence.objects.get(name="Planners").ends_on) == "2050-01-31"
    assert sorted(Device.objects.bound().values_list("machine_name", flat=True)) == [
        "LAP-2",
        "PC-1",
    ]
    assert [one.words.partition(":")[2] for one in planned.left] == [
        " not brought.",
        " its licence is a pool, to which no machine is bound.",
        " its licence is not brought.",
        " it has neither hostname nor name. It is bound when the program first starts on it.",
    ]
    assert "SECRET" not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_a_second_time_makes_nothing_but_what_is_new(account):
    carry_out(account, plan(account, SEVERAL))
    Licence.objects.filter(name="Planners").update(name="What the customer calls it")

    again = plan(account, SEVERAL)

    assert (again.licences, again.devices, again.there_already) == ([], [], 5)
    assert carry_out(account, again) == []
    assert Licence.objects.count() == 3


def test_asks_the_database_as_often_for_many_rows(account, django_assert_num_queries):
    def laptops(number: int) -> bytes:
        taken = [licence(str(n), floating=False) for n in range(number)]
        return document(*taken, *(machine(str(n), str(n)) for n in range(number)))

    carry_out(account, plan(account, laptops(2)))
    with CaptureQueriesContext(connection) as few:
        plan(account, laptops(5))
    with django_assert_num_queries(len(few)):
        planned = plan(account, laptops(100))

    assert (len(planned.licences), len(planned.devices), planned.there_already) == (98, 98, 4)


def test_csv_has_the_same_names(account):
    licences = b"ID,Name,Max Machines,floating,suspended,expiry\n7,Laptops,1,false,false,\n"
    machines = b"id,fingerprint,hostname,license_id\n1,fp,LAP-1,7\n"

    planned = plan(account, licences, machines)

    assert [(one.order.name, one.order.seats) for one in planned.licences] == [("Laptops", 1)]
    assert [one.machine_name for one in planned.devices] == ["LAP-1"]


def test_rows_of_csv_are_numbered_as_a_spreadsheet_does(account):
    content = b'id,name,floating,maxMachines\n\n1,"two\nlines",true,1\n2,Many,true,\n'

    assert plan(account, content).problems[-1].row == 4


def test_names_that_several_have_are_told_apart_by_their_ids(account):
    planned = plan(account, document(licence("aa", name="Same"), licence("bb", name="same")))

    assert [one.order.name for one in planned.licences] == ["Same aa", "same bb"]


FAULTS = [
    ({"maxMachines": "ten"}, "is no number of machines"),
    ({"maxMachines": None}, "is no number of machines"),
    ({"maxMachines": 0}, "between 1 and 100,000 seats"),
    ({"maxMachines": -1}, "is no number of machines"),
    ({"maxMachines": 10**9}, "between 1 and 100,000 seats"),
    ({"expiry": "soon"}, "is no date"),
    ({"expiry": "2999-01-01"}, "can't be meant"),
    ({"suspended": "maybe"}, "not true or false"),
    ({"name": "a\u202eb"}, "no text"),
    ({"name": "{:0101}"}, "more than 100 characters"),
]


def filled(value: object, number: int) -> object:
    """A value that no other row has, where it is a pattern."""
    return value.format(number) if isinstance(value, str) else value


def test_ten_thousand_rows_with_every_kind_of_fault(account):
    faults = [FAULTS[number % len(FAULTS)] for number in range(10_000)]
    rows = [
        licence(str(number), **{name: filled(value, number) for name, value in fault.items()})
        for number, (fault, _why) in enumerate(faults)
    ]

    planned = plan(account, document(licence("good"), *rows))

    assert [one.row for one in planned.problems] == [*range(2, 10_002)]
    for problem, (_fault, why) in zip(planned.problems, faults, strict=True):
        assert why in problem.words
    with pytest.raises(InvalidOperation, match="10000 rows"):
        carry_out(account, planned)
    assert not Licence.objects.exists()


def test_a_licence_of_other_attributes_is_told(account):
    other = {"type": "licenses", "id": "1", "attributes": {"nome": "Planners"}}

    [problem] = plan(account, document(other)).problems

    assert "none of the attributes of a licence" in problem.words


def test_machines_that_cannot_be_bound_say_why(account):
    one = licence("1", floating=False, maxMachines=1)

    planned = plan(
        account, document(one, one, machine("1", "1"), machine("2", "1"), machine("3", "9"))
    )

    assert [problem.words for problem in planned.problems] == [
        "Licence L 1: It is in the files twice.",
        "Machine PC-2: Its licence has 1 seats, and none is left for PC-2.",
        "Machine PC-3: There is no licence 9 in the files.",
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "first row must name columns"),
        (b"a,b\n1,2\n", "first row must name columns"),
        (b"{", "not JSON"),
        (b"[1]", "no JSON:API document"),
        (b'{"data": [{"type": "licenses", "id": "1"}]}', "Resource 1 of the file"),
        (b'{"data": [{"id": 1}]}', "Resource 1 of the file is none of JSON:API"),
        (b'{"data": []}', "no licences in it"),
    ],
)
def test_what_is_none_of_keygens_files_is_refused(account, content, why):
    with pytest.raises(InvalidOperation, match=why):
        plan(account, content)


def test_licences_of_two_products_are_not_one(account):
    other = licence("2")
    other["relationships"]["product"]["data"]["id"] = "p-2"

    with pytest.raises(InvalidOperation, match="of 2 products"):
        plan(account, document(licence("1"), other))
