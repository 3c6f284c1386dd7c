"""Names are compared and sorted alike in Python and by the database."""

from __future__ import annotations

import unicodedata

import pytest

from licensing.identity import as_compared
from licensing.models import Account
from licensing.models.spelling import Alphabetical, Compared, Searched
from licensing.names import alphabetical, as_searched, holds

IN_ORDER = [
    "anna",
    "Anna B",
    "Arger",
    "Ärger",
    "brook\\a",
    "Łódź",
    "Lodz B",
    "Orsted",
    "Ørsted",
    "Strasse 1",
    "Straße 2",
    "Zed",
    "zora",
    "Ίλιον",
    "йод",
    "люди",
]
DECOMPOSED = [unicodedata.normalize("NFD", name) for name in IN_ORDER]
CAPITALS = [name.upper() for name in IN_ORDER]


def test_names_sort_as_people_of_the_language_do():
    assert sorted(set(IN_ORDER), key=alphabetical) == IN_ORDER


@pytest.mark.django_db
@pytest.mark.parametrize("names", [IN_ORDER, DECOMPOSED, CAPITALS])
def test_the_database_makes_of_names_what_python_does(names):
    Account.objects.bulk_create(Account(name=name) for name in names)

    forms = {"a": Alphabetical("name"), "b": Compared("name"), "c": Searched("name")}
    told = Account.objects.annotate(**forms).order_by("a")

    assert list(told.values_list("name", "a", "b", "c")) == [
        (name, alphabetical(name), as_compared(name), as_searched(name))
        for name in sorted(names, key=alphabetical)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["ärg", "A\u0308RG", "ärg ", "%", "_", "\\"])
def test_what_is_looked_for_is_found_as_compared(word):
    Account.objects.bulk_create([Account(name="Großer ÄRGER"), Account(name="Ruhe")])

    found = Account.objects.filter(name__holds=word)

    assert [account.name for account in found] == (["Großer ÄRGER"] if "rg" in word.lower() else [])
    assert Account.objects.filter(name__holds="GROSSER").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Jürgen Müller", ["muller", "mueller", "MÜLLER", "mu\u0308ller", "juergen m"]),
        ("Mueller", ["müller", "muel"]),
        ("Muller", ["müller"]),
        ("Großer Æther", ["grosser", "aether"]),
        ("Café Ørsted", ["cafe", "orsted", "oersted"]),
    ],
)
def test_a_name_is_found_on_keyboards_that_lack_its_letters(name, words):
    Account.objects.bulk_create([Account(name=name), Account(name="Ruhe"), Account(name="Mahler")])

    for word in words:
        assert [one.name for one in Account.objects.filter(name__holds=word)] == [name]
        assert holds(as_searched(name), word)
