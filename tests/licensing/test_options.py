"""A customer's FlexNet or RLM options file becomes access rules, and nothing in it gets lost."""

from __future__ import annotations

import pytest

from licensing import errors, options, sessions
from licensing.errors import InvalidOperation
from licensing.models import AccessRule
from licensing.options_files import Dialect
from tests.factories import TESTER, AccountFactory, make_client, make_pool
from tests.kept import kept

FILE = r"""# who plans
GROUP planners joe \
    barbara
GROUP planners susan
HOST_GROUP lab LAB-1 LAB-2
INCLUDE planner GROUP planners
EXCLUDE "planner" HOST cad-99
EXCLUDEALL HOST_GROUP lab
RESERVE 2 planner GROUP planners
EXCLUDE planner:VERSION=2.0 USER joe
EXCLUDE planner DISPLAY tty1
EXCLUDE planner HOST 10.0.*.1
TIMEOUT planner 3600
"""

pytestmark = pytest.mark.django_db


@kept
def key():
    return make_pool(name="Planner", account=AccountFactory(name="Brook & Co"))


def plan(key, text, dialect=Dialect.FLEXNET, licences=""):
    return options.plan(key.account, text.encode(), dialect, licences)


def carry_out(key, planned):
    return options.carry_out(key.account, planned, by=TESTER, reason="Moved")


def gets_in(key, username, machine_name="CAD-1") -> bool:
    try:
        sessions.check_out(key, make_client(username=username, machine_name=machine_name))
    except errors.AccessBlocked:
        return False
    return True


def test_each_line_is_a_rule_or_told(key):
    planned = plan(key, FILE)

    assert planned.problems == []
    assert [(one.row, one.words) for one in planned.made_of] == [
        (6, "only group planners, and others who are included, can take a seat of Planner."),
        (7, "host cad-99 can't take a seat of Planner."),
        (8, "host group lab can't take a seat of every licence of Brook & Co."),
    ]
    assert [one.row for one in planned.left] == [9, 10, 11, 12, 13]
    assert len(planned.wanted) == 3 * 3 + 1 + 2
    assert not AccessRule.objects.exists()


def test_the_rules_do_what_the_file_did(key):
    carry_out(key, plan(key, FILE))

    assert [gets_in(key, name) for name in ("joe", "BROOK\\Susan", "barbara@brook.example")] == [
        True
    ] * 3
    assert not gets_in(key, "BROOK\\mel")
    assert not gets_in(key, "joe", "CAD-99")
    assert not gets_in(key, "joe", "lab-2")


def test_a_second_time_adds_nothing(key):
    made = carry_out(key, plan(key, FILE))

    again = plan(key, FILE)

    assert (again.wanted, again.there_already) == ([], len(made))
    assert carry_out(key, again) == []


def test_rlm_minds_no_case_and_narrows_in_brackets(key):
    file = "group Team joe\nexclude planner group TEAM\nexclude planner[v=2] user joe\n"

    planned = plan(key, file, Dialect.RLM)

    assert [one.row for one in planned.made_of] == [2]
    assert [one.row for one in planned.left] == [3]


WRONG = [
    ("EXCLUDE planner", "After EXCLUDE come a product, a type and a name"),
    ("EXCLUDEALL USER", "After EXCLUDEALL come a type and a name"),
    ("EXCLUDE planner PERSON joe", "PERSON is no type"),
    ("EXCLUDE planner GROUP nobody", "No GROUP line says who is in nobody"),
    ("EXCLUDE plannner USER joe", "has no licence of the name or product plannner"),
    ("EXCLUDE * USER joe", "for every licence of the account is EXCLUDEALL USER joe"),
    ("EXCLUDE planner USER te*", "these files have no pattern"),
    ("EXCLUDE planner USER " + "x" * 300, "too long"),
    ("EXCLUDE planner USER a\u202eb", "no text"),
    ("GROUP empty", "After GROUP come its name and its members"),
    ("EXKLUDE planner USER joe", "is no option"),
]


def test_ten_thousand_lines_with_every_kind_of_fault(key):
    faults = [WRONG[number % len(WRONG)] for number in range(10_000)]

    planned = plan(key, "EXCLUDE planner USER joe\n" + "\n".join(line for line, _why in faults))

    assert [one.row for one in planned.problems] == [*range(2, 10_002)]
    for problem, (_line, why) in zip(planned.problems, faults, strict=True):
        assert why in problem.words
    with pytest.raises(InvalidOperation, match="10000 lines that are not right"):
        carry_out(key, planned)
    assert not AccessRule.objects.exists()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"# nothing\n", "has no options"),
        ("EXCLUDE K\u00f6ln".encode("latin-1"), "Save it as 'Text, UTF-8'"),
        (b"EXCLUDE \0 USER joe", "not a plain text file, as options files are"),
        (b"TIMEOUT f 1\n" * 20_001, "more than 20,000 lines"),
        (b"GROUP g " + b" ".join(b"u%d" % n for n in range(600)) + b"\nEXCLUDEALL GROUP g", "most"),
    ],
)
def test_what_is_no_such_file_is_refused(key, content, why):
    with pytest.raises(InvalidOperation, match=why):
        options.plan(key.account, content, Dialect.FLEXNET)


def test_two_licences_of_a_product_are_told_apart_by_a_serial_number(key):
    other = make_pool(name="Leeds", account=key.account)
    line = "EXCLUDE asta-powerproject USER joe"

    [problem] = plan(key, line).problems
    planned = plan(key, line, licences=f"asta-powerproject={other.serial_number}")

    assert "may be any of Planner, Leeds" in problem.words
    assert {rule.licence for rule in planned.wanted} == {other.licence}
    with pytest.raises(InvalidOperation, match="names no licence of Brook & Co"):
        plan(key, line, licences=f"planner={make_pool().serial_number}")
