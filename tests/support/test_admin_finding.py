"""The box of the first page opens what is alone of its name, and lists what is not."""

from __future__ import annotations

import pytest

from licensing import keys, sessions
from licensing.encryption import decrypt
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    make_client,
    make_pool,
    make_session,
)
from tests.kept import kept
from tests.support.acting import address, foretold

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
    assert led_to(support, q) == f"/admin/licensing/clientsession/{session.pk}/change/"


def test_what_was_given_back_is_not_meant_but_by_its_id(support, session):
    sessions.close(session.pk)

    assert led_to(support, "cad-x17") is None
    assert led_to(support, str(session.pk)).endswith(f"/{session.pk}/change/")


def test_several_stand_with_their_acts_for_those_who_may(support, sales, pool, session):
    other = make_session(pool, make_client(machine_name="CAD-X18"))

    page = support.get(FIND, {"q": "cad-x1"}).text
    for one in (session, other):
        assert address("clientsession", "release", one).replace("&", "&amp;") in page
    assert "/release/" not in sales.get(FIND, {"q": "cad-x1"}).text


def test_a_table_opens_the_only_one_that_its_search_finds(support, pool, session):
    sessions_page = "/admin/licensing/clientsession/"
    assert led_to(support, "london", table="clientsession").endswith(f"{session.pk}/change/")
    make_session(pool)
    assert led_to(support, "london", table="clientsession") == f"{sessions_page}?q=london"
    assert led_to(support, "", table="clientsession") == sessions_page


def test_a_serial_number_finds_all_that_it_opens(support, pool):
    keys.issue(pool.licence, by=TESTER, label="Leeds")

    tables = [one.name for one in support.get(FIND, {"q": pool.serial_number}).context["found"]]

    assert tables == ["accounts", "licences", "product keys"]


def test_an_unknown_address_is_invited_where_its_colleagues_are(support, pool):
    MembershipFactory(account=pool.account, user__email="ann@brook.example")

    [offer] = support.get(FIND, {"q": "Tom <tom@brook.example>"}).context["invitable"]
    asked = {"email": offer["email"], "role": "owner"}
    page = support.post(offer["address"], asked, follow=True)

    assert foretold(page)[0].startswith("tom@brook.example gets a mail with a link")
    assert led_to(support, "tom@elsewhere.example") is None


@pytest.mark.parametrize("q", ["", "%", '"', "nobody", "*"])
def test_what_is_called_by_nobody_is_told(support, session, q):
    assert support.get(FIND, {"q": q}).status_code in (200, 302)


def test_nonsense_is_refused(support, member, session):
    assert support.get(f"{FIND}?q=%00").status_code == 400
    assert support.get(FIND, {"q": "x", "table": "nonesuch"}).status_code == 404


def test_a_pasted_product_key_is_led_out_of_the_address_to_its_record(support, pool):
    licence_list = "/admin/licensing/licence/"
    secret = decrypt(bytes(pool.encrypted))
    unknown = keys.generate(keys.KEY_LENGTH, keys.KEY_GROUP)
    record = f"/admin/licensing/productkey/{pool.pk}/change/"

    for typed in (secret, secret.lower().replace("-", " ")):
        assert led_to(support, typed) == record
        assert support.get(licence_list, {"q": typed}).headers["Location"] == record
    assert led_to(support, unknown, table="licence") == f"{FIND}?table=licence"
    asked = {"q": f"key {unknown}", "state": "active"}
    page = support.get(licence_list, asked, follow=True)
    assert page.request["QUERY_STRING"] == "state=active"
    assert "The last four characters are enough." in page.text
    assert unknown not in page.text
