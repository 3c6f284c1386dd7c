"""The one box opens what is alone of its name, and lists what is not with its reason."""

from __future__ import annotations

import pytest

from licensing import keys, sessions
from licensing.encryption import decrypt
from portal.models import Role
from portal.people import invitations
from support.console import session_search
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    make_client,
    make_pool,
    make_session,
)
from tests.kept import kept
from tests.support.acting import address, foretold, record

FIND = "/support/find/"


@kept
def pool():
    return make_pool(10, account=AccountFactory(name="Brook & Co"), name="London planners")


@kept
def session(pool):
    return make_session(pool, make_client(machine_name="CAD-X17", username="BROOK\\jsmith"))


def led_to(client, q, **more):
    return client.get(FIND, {"q": q} | more).headers.get("Location")


@pytest.mark.parametrize("q", ["cad-x17", "JSmith cad", "jsmith@brook.example"])
def test_the_only_one_that_is_called_so_opens(support, session, q):
    assert led_to(support, q) == record(session)


@pytest.mark.parametrize("most", [1, 1000])
def test_a_word_of_few_names_or_very_many_leads_to_its_sessions(
    support, pool, session, monkeypatch, most
):
    monkeypatch.setattr(session_search, "MOST_NAMES", most)
    make_session(pool, make_client(machine_name="CAD-Y2", username="BROOK\\jsmith"))
    make_session(pool, make_client(machine_name="CAD-Z9", username="BROOK\\anna"))

    [sessions] = support.get(FIND, {"q": "jsm cad-", "table": "clientsession"}).context["found"]

    assert [hit.record.machine_name for hit in sessions.hits] == ["CAD-Y2", "CAD-X17"]


def test_each_says_why_it_was_found(support, pool, session):
    make_session(pool, make_client(machine_name="CAD-X18", username="BROOK\\jsmith"))
    asked = invitations.invite(pool.account, "tom@brook.example", Role.VIEWER, by=TESTER)
    found = {
        hit.why
        for q in ("cad-x1", "brook")
        for one in support.get(FIND, {"q": q}).context["found"]
        for hit in one.hits
    }

    assert led_to(support, "tom@brook") == record(asked)
    assert {
        "machine CAD-X17, session open now",
        "user BROOK\\jsmith, session open now",
        "name Brook & Co",
        "e-mail tom@brook.example, not accepted yet",
    } <= found


def test_what_was_given_back_is_not_meant_but_by_its_id(support, session):
    sessions.close(session.pk)

    assert led_to(support, "cad-x17") is None
    assert led_to(support, str(session.pk)) == record(session)


def test_several_stand_with_their_acts_for_those_who_may(support, sales, pool, session):
    other = make_session(pool, make_client(machine_name="CAD-X18"))

    page = support.get(FIND, {"q": "cad-x1"}).text
    for one in (session, other):
        assert address("clientsession", "release", one).replace("&", "&amp;") in page
    assert "/release/" not in sales.get(FIND, {"q": "cad-x1"}).text


def test_a_table_opens_the_only_one_that_its_search_finds(support, pool, session):
    assert led_to(support, "london", table="clientsession") == record(session)
    other = make_session(pool)
    [found] = support.get(FIND, {"q": "london", "table": "clientsession"}).context["found"]
    assert {hit.record for hit in found.hits} == {session, other}
    assert led_to(support, "", table="clientsession") == "/support/"


def test_a_serial_number_finds_all_that_it_opens(support, pool):
    keys.issue(pool.licence, by=TESTER, label="Leeds")

    found = support.get(FIND, {"q": pool.serial_number}).context["found"]

    assert [one.label for one in found] == ["Accounts", "Licences", "Product keys"]
    assert found[1].hits[0].why == f"serial number {pool.serial_number}, 0 of 10 in use"


def test_an_unknown_address_is_invited_where_its_colleagues_are(support, pool):
    MembershipFactory(account=pool.account, user__email="ann@brook.example")

    [offer] = support.get(FIND, {"q": "Tom <tom@brook.example>"}).context["invitable"]
    asked = {"email": offer["email"], "role": "owner"}
    page = support.post(offer["address"], asked, follow=True)

    assert foretold(page)[0].startswith("tom@brook.example gets a mail with a link")
    assert led_to(support, "tom@elsewhere.example") is None


def test_a_mistyped_address_leads_to_the_nearest_before_anybody_is_invited(support, pool):
    meant = {
        "pirya.shah@brook.example": "priya.shah@brook.example",
        "nanabel@brook.example": "annabel@brook.example",
    }
    for typed, email in meant.items():
        MembershipFactory(account=pool.account, user__email=email)
        page = support.get(FIND, {"q": typed})
        assert page.context["near"] == [email]
        assert 0 < page.text.index("Is one of these meant?") < page.text.index("Invite them to")


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("Broook & Co", ["Brook & Co"]),
        ("rbook & co", ["Brook & Co"]),
        ("Meridain", ["Meridian Homes (Northern) Ltd"]),
        ("Cambrian", []),
    ],
)
def test_a_mistyped_account_leads_to_the_nearest(support, pool, typed, near):
    AccountFactory(name="Meridian Homes (Northern) Ltd")

    assert support.get(FIND, {"q": typed}).context["near"] == near


def test_the_last_group_of_a_key_is_enough_as_callers_read_it_out(support, pool):
    group = decrypt(bytes(pool.encrypted)).rpartition("-")[2]
    other = next(one for one in keys.ALPHABET if one != group[0]) + group[1:]

    assert led_to(support, group) == led_to(support, f" {group.lower()}.") == record(pool)
    assert led_to(support, other) is None


@pytest.mark.parametrize("q", ["", "%", '"', "nobody", "*"])
def test_what_is_called_by_nobody_is_told(support, session, q):
    assert support.get(FIND, {"q": q}).status_code in (200, 302)


def test_nonsense_is_refused(support, member, session):
    page = support.get(f"{FIND}?q=cad%00-y99", follow=True)
    assert (page.status_code, page.context["words"]) == (200, "cad-y99")
    assert "A character that nobody can see was left out" in page.text
    assert support.post("/support/acts/licence/close/?id=%00").status_code == 400
    assert support.get(FIND, {"q": "x", "table": "nonesuch"}).status_code == 404


def test_a_name_that_was_mistyped_leads_to_the_nearest(support, session):
    MembershipFactory(account=session.account, user__name="Jon Smith")

    assert support.get(FIND, {"q": "Jon Smtih"}).context["near"] == ["Jon Smith"]
    page = support.get("/support/story/", {"q": "jsmtih"})
    assert page.context["near"] == ["BROOK\\jsmith"]
    assert 'href="/support/story/?q=BROOK%5Cjsmith"' in page.text
    assert support.get(FIND, {"q": "Priya Shah"}).context["near"] == []


def test_what_a_request_id_finds_is_said_where_it_finds_nothing(support):
    told = support.get(FIND, {"q": "5f2b8c0e9d1a4b7c5f2b8c0e9d1a4b7c"}).context["why_not_found"]

    assert "That of a call that went well stands in the log alone" in told
    assert "request id" not in support.get(FIND, {"q": "Nobody"}).context["why_not_found"]


def test_a_pasted_product_key_is_led_out_of_the_address_to_its_record(support, pool):
    licence_list = "/admin/licensing/licence/"
    secret = decrypt(bytes(pool.encrypted))
    unknown = keys.generate(keys.KEY_LENGTH, keys.KEY_GROUP)
    page_of_key = record(pool)

    for typed in (secret, secret.lower().replace("-", " ")):
        assert led_to(support, typed) == page_of_key
        assert support.get(licence_list, {"q": typed}).headers["Location"] == page_of_key
    assert led_to(support, unknown, table="licence") == f"{FIND}?table=licence"
    asked = {"q": f"key {unknown}", "state": "active"}
    page = support.get(licence_list, asked, follow=True)
    assert page.request["QUERY_STRING"] == "state=active"
    assert "The last four characters are enough." in page.text
    assert unknown not in page.text
