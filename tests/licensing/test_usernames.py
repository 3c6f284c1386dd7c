"""Which names of a user are one person's."""

from __future__ import annotations

import pytest
from django.db import connection

from licensing import usernames
from licensing.identity import as_compared
from licensing.known_names import namesakes
from tests.factories import make_client, make_pool, make_session

BROOK = ["BROOK\\j.smith", "J.Smith@brook.example", "brook.example\\j.smith"]
OTHERS = ["CONTRACTORS\\j.smith", "j.smith@other.example", "BROOK\\aj.smith", "BROOK\\j_smith"]


@pytest.mark.parametrize(
    ("name", "person"),
    [
        *((name, "brook\\j.smith") for name in [*BROOK, "AzureAD\\j.smith@brook.example"]),
        ("J.Smith", "j.smith"),
        (".\\j.smith", "j.smith"),
        ("BROOK\\", "brook\\"),
        ("@brook", "@brook"),
    ],
)
def test_reads_a_name_in_each_of_its_forms(name, person):
    assert usernames.as_person(name) == person


def test_a_bare_name_is_theirs_whose_domain_is_the_only_one():
    assert usernames.split("j.smith", BROOK) == (BROOK, [])
    assert usernames.split(BROOK[0], ["j.smith", *BROOK]) == (["j.smith", *BROOK], [])


def test_a_bare_name_is_nobodys_where_there_are_two_domains():
    known = ["j.smith", *BROOK, "CONTRACTORS\\j.smith", "BROOK\\ajsmith"]

    assert usernames.split("j.smith", known) == (["j.smith"], known[1:5])
    assert usernames.split(BROOK[1], known) == (BROOK, ["j.smith", "CONTRACTORS\\j.smith"])
    assert usernames.split("CONTRACTORS\\j.smith", known[:4]) == ([], known[:4])


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*BROOK, *OTHERS, "j.smith", "AzureAD\\j.smith@brook.example"])
def test_the_database_finds_what_the_rule_says(name):
    names = [*BROOK, *OTHERS, "j.smith", ".\\j.smith", "AzureAD\\j.smith@brook.example"]

    found = [one for one in names if matches(one, usernames.forms(name))]
    alike = [one for one in names if matches(one, usernames.forms_alike(name))]

    person, user = usernames.as_person(name), usernames.read(name).user
    assert found == [one for one in names if usernames.as_person(one) == person]
    assert alike == [one for one in names if usernames.read(one).user == user]


def matches(name, patterns):
    """Whether PostgreSQL finds the name like one of the patterns."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s LIKE ANY(%s)", [as_compared(name), patterns])
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_knows_the_names_of_sessions_devices_and_refusals(django_assert_num_queries):
    key = make_pool(5)
    for name in ("BROOK\\j.smith", "j.smith", "BROOK\\ajsmith"):
        make_session(key, make_client(username=name))
    make_session(make_pool(), make_client(username="CONTRACTORS\\j.smith"))

    with django_assert_num_queries(4):
        found = namesakes(key.licence.account, "J.SMITH@brook.example")

    assert sorted(found.people) == ["brook\\j.smith", "j.smith"]
    assert ([one.open for one in found.theirs], found.others) == ([1, 1], [])
