"""Somebody leaves: everything is taken from them in one step, with a record."""

from __future__ import annotations

import json

import pytest

from licensing import rules, sessions
from licensing.models import AccessRule, AuditEntry, ClientSession, Device
from licensing.models.rules import Effect
from portal.models import Invitation, Membership, Role
from portal.people import invitations
from portal.people.leavers import Leaver
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    make_api_token,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)
from tests.kept import kept
from tests.pages import last_entry
from tests.portal.people.leaving import EVERYTHING, URL, take, ticked

FORMS = ["jsmith", "*\\jsmith", "jsmith@*"]


@kept
def jane(account, pool):
    """A manager who has a session of a pool and a device of a single-user licence."""
    make_session(pool, make_client(username="ACME\\jsmith", machine_name="CAD-1"))
    make_session(pool, make_client(username="ACME\\ajsmith", machine_name="CAD-2"))
    single = make_single_user(account=account, name="Estimator")
    make_session(single, make_client(username="JSmith", machine_name="CAD-3"))
    return MembershipFactory(
        account=account, role=Role.MANAGER, user__name="Jane", user__email="jane@example.com"
    )


def test_says_what_the_account_knows(owner, jane):
    page = owner.get(URL)

    assert page.context["effects"] == [
        "Portal access: Jane, Manager, sees nothing from their next click.",
        "Open sessions: 2 seats are free at once (ACME\\jsmith on CAD-1, JSmith on CAD-3). "
        "The programs stay open.",
        "Bound devices: 1 is freed for somebody else (CAD-3).",
        "Block rule: jsmith, *\\jsmith, jsmith@* can't take a seat from now on.",
    ]


def test_takes_everything_in_one_step(owner, jane):
    response = take(owner)

    page = owner.get(response["Location"])
    assert "Everything for jsmith is removed." in page.text
    assert [str(one) for one in ClientSession.objects.active()] == ["ACME\\ajsmith on CAD-2"]
    assert not Device.objects.bound().exists()
    assert not Membership.objects.filter(pk=jane.pk).exists()
    assert set(AccessRule.objects.values_list("username", flat=True)) == {*FORMS}
    assert last_entry() == ("leaver_removed", "Left in May", "Priya Shah <priya@example.com>")


def test_the_record_is_a_file(owner, jane):
    number = take(owner)["Location"].split("/")[-2]

    response = owner.get(f"/people/leaver/{number}/download/")

    document = json.loads(response.text)
    del document["at"]
    assert document == {
        "account": "Brook & Co",
        "entry": int(number),
        "by": "Priya Shah <priya@example.com>",
        "reason": "Left in May",
        "username": "jsmith",
        "email": "jane@example.com",
        "portal": ["Jane <jane@example.com>, Manager"],
        "sessions": [
            "ACME\\jsmith on CAD-1, London planners",
            "JSmith on CAD-3, Estimator",
        ],
        "devices": ["CAD-3, Estimator"],
        "block": FORMS,
        "left": [],
    }


def test_takes_only_what_is_ticked(owner, jane):
    page = owner.get(take(owner, parts=["sessions"])["Location"])

    assert "Removed for jsmith, but not everything" in page.text
    assert page.context["left"] == ["Portal access", "Bound devices", "Block rule"]
    assert ClientSession.objects.active().count() == 1
    assert Membership.objects.filter(pk=jane.pk).exists()
    assert Device.objects.bound().count() == 1
    assert not AccessRule.objects.exists()


def test_is_asked_again_when_it_changed_meanwhile(owner, jane, pool):
    sent = ticked(owner.get(URL))
    make_session(pool, make_client(username="jsmith", machine_name="CAD-9"))

    response = owner.post(URL, sent)

    assert response.status_code == 422
    assert "This changed while you were reading." in response.text
    assert Membership.objects.filter(pk=jane.pk).exists()


def test_is_asked_again_when_one_beyond_the_names_that_are_shown_changed(owner, account, jane):
    key = make_pool(20, account=account)
    clients = [make_client(username="jsmith", os_session=str(number)) for number in range(13)]
    last = [make_session(key, client) for client in clients[:12]][-1]
    before = owner.get(URL)
    sessions.close(last.pk)
    make_session(key, clients[12])

    response = owner.post(URL, ticked(before))

    assert response.context["effects"] == before.context["effects"]
    assert response.status_code == 422


def test_the_last_owner_keeps_everything(owner, account, pool):
    make_session(pool, make_client(username="priya"))

    response = owner.post(
        "/people/leaver/remove/?username=priya&email=priya@example.com", EVERYTHING
    )

    assert response.status_code == 422
    assert "needs an owner. Make someone else owner first." in response.text
    assert ClientSession.objects.active().count() == 1


def test_a_domain_that_is_named_is_the_only_one(account, jane):
    leaver = Leaver(account, username="OTHER\\jsmith")

    assert (leaver.sessions, leaver.devices, leaver.patterns) == ([], [], ["OTHER\\jsmith"])


def test_a_device_without_moves_left_stays(owner, account, jane):
    licence = Device.objects.bound().get().licence
    Device.objects.bulk_create(
        Device(account=account, licence=licence, machine=str(n), machine_name=str(n),
               unbound_at="2026-01-01T00:00Z", unbinding="moved") for n in range(3)
    )  # fmt: skip
    Device.objects.filter(unbinding="moved").update(unbound_at=jane.created_at)

    leaver = Leaver(account, username="jsmith")

    assert (leaver.devices_to_free, [str(one) for one in leaver.devices_to_keep]) == ([], ["CAD-3"])
    take(owner, parts=["portal", "sessions", "block"])
    assert AuditEntry.objects.get(action="leaver_removed").details["left"] == ["devices"]


def test_who_is_blocked_is_not_blocked_twice(account, jane):
    rules.add(account, rules.NewRule(username="JSMITH"), by=TESTER)

    here_only = rules.NewRule(username="*\\jsmith", licence=Device.objects.get().licence)
    rules.add(account, here_only, by=TESTER)

    assert Leaver(account, username="jsmith").patterns == FORMS[1:]


def test_a_rule_that_is_not_exactly_about_them_everywhere_does_not_count(account, jane):
    other = AccountFactory()
    rules.lift(rules.add(account, rules.NewRule(username="jsmith"), by=TESTER), by=TESTER)
    rules.add(other, rules.NewRule(username="jsmith"), by=TESTER)
    on_one_machine = rules.NewRule(username="jsmith", machine_name="CAD-1")
    rules.add(account, on_one_machine, by=TESTER)
    only_them = rules.NewRule(username="jsmith", effect=Effect.ALLOW)
    rules.add(account, only_them, by=TESTER)

    assert Leaver(account, username="jsmith").patterns == FORMS


def test_knows_of_their_tokens_and_of_addresses_however_these_are_written(account, jane):
    invitations.invite(account, "new@example.com", Role.VIEWER, by=TESTER)
    for holder in (account, AccountFactory()):
        make_api_token(holder, by=jane.user.as_actor)
    make_api_token(account)

    asked = [Leaver(account, email=email) for email in ("JANE@example.com", "New@Example.com")]
    as_user_names = [Leaver(account, username=one.email) for one in asked]

    assert [one.membership for one in as_user_names] == [jane, None]
    assert [len(one.invitations) for one in as_user_names] == [0, 1]
    found = [(one.membership, len(one.invitations), one.tokens) for one in asked]
    assert found == [(jane, 0, 1), (None, 1, 0)]


def test_an_invitation_that_waits_is_cancelled(owner, account):
    invitations.invite(account, "new@example.com", Role.VIEWER, by=TESTER)

    take(owner, "/people/leaver/remove/?email=new@example.com", parts=["portal"])

    assert not Invitation.objects.pending().exists()


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("username=&email=", "Give a user name or an e-mail address."),
        ("username=j*&email=", "Name one person, without *."),
    ],
)
def test_asks_for_one_person(owner, query, error):
    page = owner.get(f"/people/leaver/?{query}")

    assert (page.status_code, error in page.text) == (422, True)


def test_another_account_reads_no_record_and_nobody_another_entry_as_one(owner, stranger, jane):
    number = take(owner)["Location"].split("/")[-2]

    answers = [
        browser.get(f"/people/leaver/{entry}/{rest}").status_code
        for browser, entry in ((stranger, number), (owner, int(number) - 1))
        for rest in ("", "download/")
    ]

    assert answers == [404] * 4


def test_another_account_takes_nothing(stranger, jane):
    page = stranger.get(URL)

    assert page.context["effects"][0] == ("The account knows no role, session or device of jsmith.")
    assert not AuditEntry.objects.filter(action="leaver_removed").exists()


def test_a_manager_takes_all_but_portal_access(manager, owner, jane):
    page = manager.get(URL)

    answer = take(manager, parts=["sessions", "devices", "block"])

    assert page.context["effects"][-1] == ("Portal access is for owners to take. Ask Priya Shah.")
    assert "portal" not in [part for part, _label in page.context["form"].fields["parts"].choices]
    assert "Jane" not in page.text
    assert manager.get(answer["Location"]).status_code == 200
    assert Membership.objects.filter(pk=jane.pk).exists()
    assert [str(one) for one in ClientSession.objects.active()] == ["ACME\\ajsmith on CAD-2"]


def test_a_manager_cannot_ask_for_portal_access_all_the_same(manager, jane):
    answer = take(manager, parts=["portal"])

    assert answer.status_code == 422
    assert Membership.objects.filter(pk=jane.pk).exists()
