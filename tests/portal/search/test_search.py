"""The search in the bar of every page."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

import pytest
from django.contrib.auth import SESSION_KEY
from django.http import QueryDict

from licensing import errors, keys, sessions
from licensing.models import Denial, Device
from portal import search as finder
from portal.licences import tags
from portal.licences.query import LicenceList
from portal.lists.search_tokens import parse
from portal.models import Membership, Role
from portal.people import privacy
from portal.sessions.active import SessionList
from portal.words.aliases import Names
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    UserFactory,
    ago,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)
from tests.kept import kept
from tests.pages import said
from tests.people import signed_in

KEY_WORDS = "That looks like a product key. Search by serial number instead."


def search(browser, q):
    """The answer to a search."""
    return browser.get("/search/", {"q": q})


def found(browser, q):
    """What a person finds, without the page around it: the names of each kind."""
    membership = Membership.objects.get(user=browser.session[SESSION_KEY])
    groups = finder.groups(membership, parse(q))
    return {str(group.title): [hit.name for hit in group.hits] for group in groups}


@kept
def estate(account, pool):
    """Something of every kind that has to do with Smith, and somebody else's."""
    smith = make_client(username="J. Smith", machine_name="CAD-017")
    make_session(pool, smith)
    estimator = make_single_user(account=account, name="Estimator")
    make_session(estimator, smith)
    Device.objects.create(account=account, licence=estimator.licence, machine="smith-1",
                          machine_name="SMITH-1", unbound_at=pool.created_at)  # fmt: skip
    full = make_pool(1, account=account, name="Smithfield site")
    make_session(full, make_client(username="other", machine_name="CAD-1"))
    with pytest.raises(errors.PoolExhausted):
        sessions.check_out(full, smith)
    MembershipFactory(account=account, role=Role.VIEWER, user__name="Jane Smith")
    make_session(make_pool(name="Smith and Sons"), smith)


def test_a_licence_is_found_by_the_end_of_its_key(owner, pool):
    assert found(owner, pool.last_four.lower()) == {"Licences": [pool.licence.name]}


def test_finds_something_of_every_kind(owner, estate):
    assert found(owner, "smith") == {
        "Licences": ["Smithfield site", "Estimator"],
        "Users": ["J. Smith"],
        "Sessions": ["J. Smith on CAD-017", "J. Smith on CAD-017"],
        "Devices": ["CAD-017"],
        "People": ["Jane Smith"],
        "Denials": ["J. Smith on CAD-017"],
    }


def test_each_kind_leads_to_its_list_with_the_same_search(owner, estate):
    groups = search(owner, "smith").context["groups"]

    assert [group.url for group in groups] == [
        "/licences/?q=smith",
        "/sessions/?q=smith",
        "/sessions/?q=smith",
        "/licences/?q=smith",
        "/people/?q=smith",
        "/usage/denials/?q=smith",
    ]
    for group in groups:
        assert group.hits[0].name.split(" on ")[0] in owner.get(group.url).text


def test_finds_a_licence_by_each_of_its_words(owner, account, pool):
    tags.change([pool.licence], add=["Leeds"], by=TESTER)
    keys.set_label(pool, "Office 7", by=TESTER)

    words = ("london", "powerproject", "leeds", "office 7", pool.serial_number[:6].lower())
    assert [found(owner, q)["Licences"] for q in words] == [["London planners"]] * 5


def test_every_word_has_to_match(owner, estate):
    assert found(owner, "smith 017") == {
        "Licences": ["Estimator"],
        "Sessions": ["J. Smith on CAD-017", "J. Smith on CAD-017"],
        "Devices": ["CAD-017"],
        "Denials": ["J. Smith on CAD-017"],
    }


def test_finds_what_comparison_finds(owner, account):
    """Another case, a decomposed letter, ss for \u00df: here and in the lists."""
    pool = make_pool(account=account, name="Gro\u00dfer \u00c4rger")
    tags.change([pool.licence], add=["Gro\u00dfer A\u0308rger"], by=TESTER)
    make_session(pool, make_client(username="gro\u00dfer.\u00e4rger", machine_name="PC-1"))
    MembershipFactory(account=account, role=Role.VIEWER, user__name="Gro\u00dfer \u00c4rger")

    for word in ("GROSSER", "gro\u00dfer", "A\u0308RGER", '"\u00e4rger"'):
        assert list(found(owner, word)) == ["Licences", "Users", "Sessions", "People"], word
        asked = (account, QueryDict(urlencode({"q": word})), Names(account, are_aliases=False))
        assert [len(LicenceList(*asked).rows), len(SessionList(*asked).rows)] == [1, 1], word


def test_a_lone_quote_is_looked_for_as_it_stands(owner, estate):
    assert found(owner, '"') == {}


def test_who_may_not_see_the_people_page_finds_nobody_of_it(manager, viewer, estate):
    for browser in (manager, viewer):
        assert "People" not in found(browser, "smith")
        assert "Sessions" in found(browser, "smith")


def test_open_sessions_come_before_ended_ones(owner, pool):
    for name in ("CAD-1", "CAD-2", "CAD-3"):
        ended = make_session(pool, make_client(username="anna", machine_name=name))
        sessions.close(ended.pk)
    make_session(pool, make_client(username="anna", machine_name="CAD-0"))

    assert found(owner, "anna")["Sessions"] == [
        "anna on CAD-0", "anna on CAD-3", "anna on CAD-2", "anna on CAD-1",
    ]  # fmt: skip


def test_ended_sessions_lead_to_the_list_of_ended_ones(owner, pool):
    sessions.close(make_session(pool, make_client(username="anna")).pk)

    _users, group = search(owner, "anna").context["groups"]

    assert group.url == "/sessions/?q=anna&state=ended"


def test_shows_the_first_five_of_a_kind(owner, account):
    for number in range(7):
        make_pool(account=account, name=f"Site {number}")

    assert found(owner, "site")["Licences"] == [f"Site {number}" for number in range(5)]


def test_a_serial_number_opens_its_licence(viewer, pool):
    serial = pool.serial_number
    spoilt = [
        serial.lower(),
        serial.replace("-", " "),
        f"\u201e{serial}\u201c".replace("-", "\u2212"),
        f"\u200b{serial}.",
    ]

    answers = [search(viewer, q) for q in spoilt]

    assert [answer["Location"] for answer in answers] == [f"/licences/{pool.licence_id}/"] * 4


def test_a_session_id_opens_its_session(viewer, pool):
    session = make_session(pool)

    assert search(viewer, f" {session.pk} ")["Location"] == f"/sessions/{session.pk}/"


def test_finds_nothing_of_other_accounts(stranger, pool, estate):
    session = make_session(pool)

    asked = (pool.serial_number, str(session.pk), str(uuid.uuid4()))
    assert [found(stranger, q) for q in ("smith", *asked)] == [{}, {}, {}, {}]
    assert [search(stranger, q).status_code for q in asked] == [200, 200, 200]


def test_a_number_of_another_of_ones_accounts_offers_the_switch(account, pool):
    user = MembershipFactory(account=AccountFactory(name="Aardvark")).user
    MembershipFactory(account=account, user=user, role=Role.VIEWER)
    browser = signed_in(user)

    for q in (pool.serial_number, str(make_session(pool).pk)):
        page = browser.get("/search/", {"q": q}, follow=True)
        assert (page.status_code, page.context["elsewhere"].account) == (404, account)


def test_staff_without_an_account_find_no_such_page(staff):
    assert search(staff, "smith").status_code == 404


def test_who_sees_aliases_finds_nobody_by_name(viewer, account, estate):
    privacy.show_aliases(account, True, by=TESTER)

    assert found(viewer, "smith") == {"Licences": ["Smithfield site"]}
    assert found(viewer, "CAD-017") == {}
    assert "people and machines can't be searched for" in search(viewer, "CAD-017").text
    assert 'placeholder="Search licences, serial numbers…"' in viewer.get("/").text


def test_says_what_can_be_searched(owner, viewer):
    empty, nothing, viewers = search(owner, ""), search(owner, "<zzz>"), search(viewer, "zzz")

    assert "What are you looking for?" in empty.text
    assert "Nothing matches “&lt;zzz&gt;”." in nothing.text
    assert "somebody who signs in here" in nothing.text
    assert "somebody who signs in here" not in viewers.text


def test_a_product_key_is_neither_looked_for_nor_kept(owner, pool):
    response = search(owner, f" {pool.plain}")

    assert (response.status_code, response["Location"]) == (302, "/search/")
    assert said(response) == [("warning", KEY_WORDS)]
    assert pool.plain[:11] not in owner.get("/search/").text


def test_a_product_key_is_known_in_whatever_stands_around_it(pool):
    key = pool.plain
    texts = [
        f"key: {key} please",
        f"S63S-1234-ABCD {key}",
        key.replace("-", ""),
        f"key: \u201c{key}\u201d".replace("-", "\u2212"),
        f"key: {key}".replace("-", "-\u200b"),
    ]

    assert [keys.holds_product_key(text) for text in texts] == [True] * 5


def test_a_mistyped_product_key_is_one_too(pool):
    mistyped = pool.plain[:-1] + ("0" if pool.plain[-1] != "0" else "1")

    assert keys.normalise_key(mistyped) is None
    assert keys.holds_product_key(mistyped)


@pytest.mark.parametrize(
    "text",
    [
        "S63S-1234-ABCD",
        "London planners and the site team",
        "THESE THREE WORDS MIGHT SOUND RIGHT",
        str(uuid.UUID(int=7)),
        "ACME\\smith",
    ],
)
def test_other_texts_are_no_product_keys(text):
    assert not keys.holds_product_key(text)


def test_takes_whatever_is_typed(owner, estate):
    for q in ("x" * 5000, "a " * 200, "\0", "%", "_", "''", '"', "user:x"):
        assert isinstance(found(owner, q), dict), q
        searched = parse(q).text
        assert (len(searched) <= 500, searched) == (True, searched.strip()), q

    response = search(owner, "x" * 5000)
    assert (response.status_code, response.context["searched"]) == (200, parse("x" * 5000).text)


def test_guesses_that_share_a_row_are_several_peoples(owner, account, pool):
    folded = {"username": "*", "machine_name": "*", "version": "16", "folded_from": ago(hours=1)}
    Denial.objects.create(account=account, code="key_invalid", identity=uuid.uuid4(), **folded)

    assert found(owner, "*") == {"Denials": ["Several people on Several machines"]}


@pytest.mark.parametrize("rows", [1, 3])
def test_needs_as_many_queries_for_many_rows(owner, account, django_assert_num_queries, rows):
    for number in range(rows):
        key = make_pool(1, account=account, name="CAD licences")
        make_session(key, make_client(username="anna", machine_name=f"PC-{number}"))
        with pytest.raises(errors.PoolExhausted):
            sessions.check_out(key, make_client())
        make_session(make_single_user(account=account))
        MembershipFactory(account=account, user=UserFactory(name="Cadwallader"))

    with django_assert_num_queries(16):
        search(owner, "CAD")
