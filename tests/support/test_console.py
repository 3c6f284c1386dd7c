"""The console's pages: an account with all it has, a record with what was done, what waits."""

from __future__ import annotations

import re

import pytest

from licensing import emergency_seats, keys, pools, sessions
from licensing.errors import PoolExhausted
from licensing.models import AuditEntry, ClientSession, Product
from portal.desk import requests
from portal.licences import notes
from portal.models import Invitation, Membership, RequestKind, Role
from portal.people import invitations
from support.console.tabs import TABS
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    UserFactory,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)
from tests.kept import kept
from tests.people import signed_in
from tests.support.acting import (
    READ,
    REASON,
    address,
    check,
    confirm,
    do,
    foretold,
    record,
    told,
    wrong,
)
from tests.support.vendor import staff


@pytest.mark.parametrize(
    "address",
    [
        "/support/tokens/add/",
        "/support/activity/2026-11-23/sign/",
        "/support/webhooks/add/",
        "/support/renewals/calendar/make/",
        "{account}view-as/",
    ],
)
def test_acts_of_no_record_stand_in_the_console_too(superuser, brook, address):
    page = superuser.get(address.format(account=f"/support/accounts/{brook.pk}/"))

    assert [item.label for item in page.context["nav"]][:2] == ["Find", "Look-up"]
    assert 'aria-label="What the caller reads out"' in page.text


@pytest.mark.parametrize(
    ("address", "leads_there"),
    [
        ("/support/", "Find"),
        ("{account}", "Find"),
        ("/support/acts/account/sell/?id={pk}", "Find"),
        ("/support/renewals/", "Renewals"),
        ("/support/records/product/{product}/", "Catalogue"),
        ("/support/acts/product/rename/?id={product}", "Catalogue"),
    ],
)
def test_the_way_round_shows_what_led_to_a_page(superuser, brook, address, leads_there):
    product = Product.objects.get(code="asta-powerproject").pk
    found = {"account": f"/support/accounts/{brook.pk}/", "pk": brook.pk, "product": product}
    page = superuser.get(address.format(**found))

    assert [item.label for item in page.context["nav"] if item.is_current] == [leads_there]


@kept
def brook():
    """An account with something in each tab."""
    account = AccountFactory(name="Hill & Dale", contact="Call Ann")
    MembershipFactory(account=account, user__name="Priya Shah", user__email="p.shah@brook.example")
    add_to(account, "1")
    return account


def add_to(account, number):
    """One more of everything."""
    key = make_pool(1, account=account, name=f"Pool {number}")
    make_session(key, make_client(machine_name=f"CAD-{number}", username="BROOK\\jsmith"))
    with pytest.raises(PoolExhausted):
        sessions.check_out(key, make_client(machine_name=f"REFUSED-{number}"))
    single = make_single_user(account=account)
    make_session(single, make_client(machine_name=f"LAPTOP-{number}"))
    notes.write(key.licence, contact_name="Ann", contact_email="", text="Rack 4", by=TESTER)
    MembershipFactory(account=account, role=Role.VIEWER, user__name=f"Viewer {number}")
    invitations.invite(account, f"new{number}@brook.example", Role.VIEWER, by=TESTER)


def page_of(account, tab="licences"):
    return f"/support/accounts/{account.pk}/{tab}/"


SAID = {
    "licences": "Pool 1",
    "sessions": "CAD-1",
    "keys": "••••",
    "denials": "All seats in use",
    "devices": "LAPTOP-1",
    "people": "Viewer 1",
    "notes": "Rack 4",
    "audit": "invited new1@brook.example",
}


def told_by(browser, account, tab):
    """What a tab of an account says, wherever its lines may end."""
    return browser.get(page_of(account, tab.name)).text.replace("<wbr>", "")


def test_an_account_is_told_with_what_it_has(support, brook):
    said = {tab.name: told_by(support, brook, tab) for tab in TABS}

    assert [name for name, words in SAID.items() if words not in said[name]] == []
    assert "new1@brook.example" in said["people"]
    for words in ("Priya Shah", "mailto:p.shah@brook.example", "Call Ann", "Europe/London"):
        assert words in said["notes"]
    assert address("account", "leaver", brook).replace("&", "&amp;") in said["audit"]
    assert support.get(f"/support/accounts/{brook.pk}/").context["tab"].name == "licences"
    assert support.get(f"/support/accounts/{brook.pk + 99}/").status_code == 404


OF_OTHERS = ("Pool 9", "CAD-9", "REFUSED-9", "LAPTOP-9", "Viewer 9", "new9@brook.example")


def test_no_tab_tells_of_another_account(support, brook):
    add_to(AccountFactory(name="Lane & Sons"), "9")

    said = {tab.name: told_by(support, brook, tab) for tab in TABS}

    assert [name for name, text in said.items() if any(one in text for one in OF_OTHERS)] == []


def test_a_tab_asks_as_much_of_many_rows_as_of_few(support, brook, django_assert_max_num_queries):
    """Twelve is what a page without a tab asks: session, user, rights, facts."""
    add_to(brook, "2")
    add_to(brook, "3")
    for tab in TABS:
        support.get(page_of(brook, tab.name))

        with django_assert_max_num_queries(16):
            support.get(page_of(brook, tab.name))


def test_who_has_no_right_to_see_reads_nothing(brook):
    nobody = signed_in(staff())
    licence = brook.licences.first()

    assert nobody.get(page_of(brook)).status_code == 403
    assert nobody.get(record(licence)).status_code == 403
    assert nobody.get("/support/requests/").status_code == 403
    assert nobody.get("/support/find/", {"q": "brook"}).context["found"] == []


def test_what_was_done_to_a_licence_is_told_with_its_keys_and_sessions(support, brook):
    licence = brook.licences.get(name="Pool 1")
    key, session = licence.keys.get(), licence.sessions.get()
    keys.reissue(key, by=TESTER)
    sessions.release(session, by=TESTER, reason=REASON)

    of_licence = [text for _entry, text in support.get(record(licence)).context["entries"]]
    of_key = [text for _entry, text in support.get(record(key)).context["entries"]]

    assert "released BROOK\\jsmith on CAD-1." in of_licence[0]
    assert f"replaces {key}." in of_licence[1]
    assert of_key[0] == of_licence[0]


def test_who_is_locked_out_is_told_and_does_not_count_as_reached(support, brook):
    member = Membership.objects.get(user__name="Viewer 1")
    member.user.is_active = False
    member.user.save()

    assert "Locked out" in support.get(page_of(brook, "people")).text
    assert "Locked out: they are kept from signing in." in support.get(record(member)).text


def test_what_is_wrong_is_told_on_a_page_that_can_be_asked_for_again(support, planners):
    page = check(support, "licence", "add-key", planners.licence, label="Leeds")
    led = confirm(support, page, reason="too short")["Location"]

    for _ in range(2):
        again = support.get(led)
        assert again.status_code == 422
        assert list(wrong(again)) == ["reason"]
        assert "Leeds" in foretold(again)[1]
        assert "too short" in again.text
    assert told(confirm(support, again))[0].startswith("London planners: Leeds has the serial")


def test_an_invitation_is_sent_again_and_withdrawn(support, brook, mailoutbox):
    invitation = Invitation.objects.get()

    again = do_at_once(support, "send-again", invitation)
    gone = do_at_once(support, "withdraw", invitation)

    assert again == ["Sent the invitation of new1@brook.example again."]
    assert gone == ["Withdrew the invitation of new1@brook.example."]
    entries = AuditEntry.objects.order_by("-number").values_list("action", "reason")[:2]
    assert list(entries) == [("invitation_cancelled", READ), ("invitation_resent", READ)]
    assert support.get(address("invitation", "withdraw", invitation)).status_code == 409


def do_at_once(client, act, row):
    """Do an act that asks no more than why."""
    page = client.get(address(row._meta.model_name, act, row))
    return told(confirm(client, page))


def test_somebody_leaves_from_their_own_page(support, brook):
    member = Membership.objects.get(user__name="Viewer 1")
    make_session(
        make_pool(account=brook), make_client(username=member.user.email, machine_name="CAD-9")
    )

    page = support.get(address("membership", "leaver", member))
    done = confirm(support, page)

    assert told(done)[0].startswith("Took everything from ")
    assert done["Location"] == page_of(brook, "people")
    assert not ClientSession.objects.active().filter(machine_name="CAD-9").exists()
    assert not Membership.objects.filter(pk=member.pk).exists()


def test_requests_and_leases_wait_in_lists_of_their_own(support, brook, lease):
    requests.make(brook, RequestKind.HELP, "Please call.", by=UserFactory())

    waiting, over = (support.get("/support/requests/", asked) for asked in ({}, {"state": "over"}))

    assert "Please call." in waiting.text
    assert "Please call." not in over.text
    assert address("licence", "reactivate", lease) in support.get("/support/leases/").text


def test_nothing_at_an_address_leads_staff_back_to_find(support, member, brook):
    for nowhere in ("/support/nonsense/", f"/support/accounts/{brook.pk + 99}/"):
        page = support.get(nowhere)
        assert (page.status_code, page.context["nav"][0].label) == (404, "Find")
        assert "What the caller reads out" in page.text
    for browser in (support.__class__(), signed_in(member.user)):
        told = browser.get("/support/accounts/999/", follow=True).text
        assert "What the caller reads out" not in told


def test_numbers_stand_in_thousands_but_in_the_record_itself(superuser, brook):
    key = make_pool(1, account=brook, name="Large")
    do(superuser, "licence", "seats", key.licence, seats="12345", order_reference="PO-1")
    emergency_seats.give(key.licence, 1_234, hours=2, by=TESTER)
    make_session(key)
    pages = [told_by(superuser, brook, tab) for tab in TABS if tab.name != "audit"]
    planned = key.licence.planned_seats.get()
    records = [superuser.get(record(one)).text for one in (key.licence, key, planned)]
    pages += [page.partition('aria-labelledby="entries"')[0] for page in records]

    for number, grouped in (("12345", "12,345"), ("1234", "1,234")):
        assert any(grouped in page for page in pages)
        plain = re.compile(rf".{{40}}\b{number}\b.{{40}}", re.DOTALL)
        assert [found for page in pages for found in plain.findall(page)] == []


def test_a_session_leads_to_what_happened_and_a_reply_released_or_not(support, planners):
    session = planners.licence.sessions.first()
    sessions.release(session, by=TESTER)

    facts = {fact.label: fact.url for fact in support.get(record(session)).context["facts"]}
    story = support.get(facts["Look-up"])

    assert story.context["story"].title == str(session)
    assert 'id="search-all"' in story.text


def test_several_sessions_are_released_at_once(support, planners):
    page = support.get(page_of(planners.account, "sessions"))
    rows = [row.record for row in page.context["rows"]]

    asked = {"id": [str(row.pk) for row in rows]}
    check_page = support.get("/support/acts/clientsession/release/", asked)
    done = confirm(support, check_page)

    assert 'name="id"' in page.text
    assert foretold(check_page) == []
    assert check_page.context["together"] == ["London planners: 3 of 10 in use now, 0 after."]
    assert len(told(done)) == 3
    assert done["Location"] == page_of(planners.account, "sessions")
    assert pools.in_use(planners.licence) == 0
