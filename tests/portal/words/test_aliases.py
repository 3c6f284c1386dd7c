"""The privacy switch: viewers see stable aliases of people and machines."""

from __future__ import annotations

from hashlib import md5
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from licensing import devices
from licensing.models import AuditEntry
from portal.api.documents import audit_document
from portal.models import AccountPreferences, Membership, Role
from portal.people import privacy
from portal.sessions.active import SessionList
from portal.words import sentences
from portal.words.aliases import BIRDS, CHARACTERS, LENGTH, TREES, Names, names_for, order_key
from portal.words.sentences import sentence
from tests.factories import TESTER, AccountFactory, make_client, make_session, make_single_user
from tests.pages import last_entry

PEOPLE = ("anna", "bert", "cleo", "dora", "emil")


@pytest.fixture
def aliases(account):
    """The names as a viewer of the account sees them while the switch is on."""
    return Names(account, are_aliases=True)


def test_an_alias_is_a_word_and_characters(account, aliases, settings):
    settings.PRODUCT_KEY_DIGEST_KEY = "a key that never changes"
    account.pk = 1

    assert (aliases.person("ACME\\jsmith"), aliases.machine("CAD-017")) == (
        "Person Petrel-PYHY-NYKB",
        "Machine Chestnut-E4JS-932H",
    )


def test_a_name_has_one_alias_however_it_is_written(aliases):
    assert aliases.person(" acme\\JSMITH ") == aliases.person("ACME\\jsmith")


def test_the_forms_of_a_persons_name_share_an_alias(aliases):
    forms = ["ACME\\jsmith", "JSmith@acme.example"]
    others = ["jsmith", "CONTRACTORS\\jsmith"]

    seen = [len({aliases.person(name) for name in names}) for names in (forms, others)]

    assert seen == [1, 2]


def test_aliases_differ_between_people_and_between_accounts(aliases):
    elsewhere = Names(AccountFactory(), are_aliases=True)

    seen = {aliases.person("anna"), aliases.person("bert"), elsewhere.person("anna")}

    assert len(seen) == 3


def test_ten_thousand_people_share_none_but_in_one_account_of_a_million(aliases):
    names = 10_000
    pairs = names * (names - 1) / 2

    seen = {aliases.person(f"user{number}") for number in range(names)}

    assert len(seen) == names
    for words in (BIRDS, TREES):
        assert pairs / (len(set(words)) * len(set(CHARACTERS)) ** LENGTH) < 1e-6


def test_several_people_at_once_have_no_alias(aliases):
    assert (aliases.person("*"), aliases.machine("*"), aliases.person("")) == ("*", "*", "")


def test_rows_are_named_for_the_reader(aliases, pool):
    session = make_session(pool, make_client(username="anna", machine_name="CAD-1"))

    (row,) = aliases.put_on([session])

    assert str(row) == f"{aliases.person('anna')} on {aliases.machine('CAD-1')}"


def test_the_audit_record_names_nobody(aliases, pool, manager):
    session = make_session(pool, make_client(username="anna", machine_name="CAD-1"))
    manager.post(f"/sessions/{session.pk}/release/", {"reason": "anna left"})

    entry = AuditEntry.objects.get(action="session_released")

    told = f"{aliases.person('anna')} on {aliases.machine('CAD-1')}"
    assert sentence(entry, aliases) == f"Tom Reed released {told}."
    assert aliases.written(entry.reason) == ""
    assert [(shown.reason, text) for shown, text in sentences.told([entry], aliases)] == [
        ("", f"Tom Reed released {told}.")
    ]


def test_nor_does_a_program_that_moved_its_licence(aliases, account, viewer):
    key = make_single_user(account=account)
    session = make_session(key, make_client(username="anna", machine_name="CAD-1"))
    devices.move(session.pk)
    privacy.show_aliases(account, True, by=TESTER)

    entry = AuditEntry.objects.get(action="device_moved")

    told = f"{aliases.person('anna')} on {aliases.machine('CAD-1')}"
    assert sentence(entry, aliases).startswith(f"{told} moved ")
    assert audit_document(entry, aliases).actor_name == told
    pages = viewer.get("/").text + viewer.get(f"/licences/{key.licence_id}/").text
    assert ("anna" in pages, "CAD-1" in pages, told in pages) == (False, False, True)


@pytest.mark.parametrize(
    ("role", "shown", "expected"),
    [
        (Role.VIEWER, True, True),
        (Role.VIEWER, False, False),
        (Role.MANAGER, True, False),
        (Role.OWNER, True, False),
    ],
)
def test_only_viewers_see_them_and_only_when_they_are_on(account, role, shown, expected):
    AccountPreferences.objects.create(account=account, shows_aliases=shown)

    assert names_for(Membership(account=account, role=role)).are_aliases is expected


def test_an_owner_turns_them_on_and_off(owner, account):
    asked = owner.get("/security/privacy/").text
    owner.post("/security/privacy/", {"reason": "works council"})

    assert "Show aliases to viewers?" in asked
    assert AccountPreferences.of(account).shows_aliases
    assert last_entry() == (
        "aliases_changed", "works council", "Priya Shah <priya@example.com>",
    )  # fmt: skip
    assert "Show real names to viewers again?" in owner.get("/security/privacy/").text

    owner.post("/security/privacy/", {"reason": "agreed"})
    assert not AccountPreferences.of(account).shows_aliases


def test_asking_twice_changes_and_records_nothing(account):
    privacy.show_aliases(account, True, by=TESTER)

    assert not privacy.show_aliases(account, True, by=TESTER)
    assert AuditEntry.objects.filter(action="aliases_changed").count() == 1


def test_only_owners_may(manager, viewer, stranger, account):
    answers = [browser.post("/security/privacy/", {"reason": "x"}) for browser in (manager, viewer)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert stranger.post("/security/privacy/", {"reason": "x"}).status_code == 302
    assert not AccountPreferences.of(account).shows_aliases


def test_a_viewer_cannot_look_for_a_session_by_its_real_names(viewer, account, pool, aliases):
    make_session(pool, make_client(username="anna", machine_name="CAD-1"))
    privacy.show_aliases(account, True, by=TESTER)
    found = {"anna": 0, "CAD-1": 0, "London": 1, "user:anna": 0, "machine:CAD*": 0}

    asked = {q: QueryDict(urlencode({"q": q})) for q in found}

    assert {q: len(SessionList(account, asked[q], aliases).rows) for q in asked} == found
    page = viewer.get("/sessions/", {"q": "anna"})
    assert len(page.context["list"].page) == 0
    assert "user:jsmith" not in page.text  # nor is it offered


def test_a_viewer_finds_a_device_by_its_alias_only(viewer, account, aliases):
    make_session(make_single_user(account=account), make_client(machine_name="CAD-1"))
    privacy.show_aliases(account, True, by=TESTER)

    found = [
        len(viewer.get("/licences/", {"q": q}).context["single"])
        for q in ("CAD-1", aliases.machine("CAD-1"))
    ]

    assert found == [0, 1]


def test_a_sort_tells_a_viewer_nothing_of_the_alphabet(viewer, account, pool):
    for username in PEOPLE:
        make_session(pool, make_client(username=username))
    privacy.show_aliases(account, True, by=TESTER)

    listed = viewer.get("/sessions/", {"sort": "user"}).context["list"].page

    mixed = {person: md5(f"{order_key(account)}{person}".encode()).hexdigest() for person in PEOPLE}
    assert [row.person for row in listed] == sorted(PEOPLE, key=mixed.get)


def test_a_viewer_is_not_offered_the_test_of_rules(viewer, account, pool):
    asked = {"username": "anna", "machine_name": "CAD-1"}
    before = viewer.get(f"/licences/{pool.licence_id}/", asked).text
    privacy.show_aliases(account, True, by=TESTER)

    after = viewer.get(f"/licences/{pool.licence_id}/", asked).text
    assert ("Would somebody get in?" in before, "Would somebody get in?" in after) == (True, False)
    assert "Allowed" not in after
