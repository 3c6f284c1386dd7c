"""The account's people: seeing them, changing roles, and removing them."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator

from licensing.errors import InvalidOperation
from licensing.models import AuditEntry
from portal.models import Invitation, Membership, Role
from portal.people import invitations, members
from tests.factories import TESTER, AccountFactory, MembershipFactory, ago
from tests.pages import last_entry, said, told
from tests.people import signed_in

REASON = {"reason": "She changed teams"}


@pytest.fixture
def priya(account, owner):
    return Membership.objects.get(account=account, user__email="priya@example.com")


def test_who_invites_reads_the_links_once(owner, account):
    MembershipFactory(account=account, role=Role.OWNER, user__email="second@example.com")
    emails = "Reed, Tom <tom@brook.example>;\nanna@brook.example"

    owner.post("/people/invite/", {"emails": emails, "role": "viewer"})

    made = account.invitations.pending()
    links = {invitations.address(invitation) for invitation in made}
    second = signed_in(account.memberships.get(user__email="second@example.com").user)
    assert {one.email for one in made} == {"tom@brook.example", "anna@brook.example"}
    assert [shown_on(browser, links) for browser in (second, owner, owner)] == [set(), links, set()]


def shown_on(browser, links):
    page = browser.get("/people/").text
    return {link for link in links if link in page}


@pytest.fixture
def tom(account):
    return MembershipFactory(
        account=account, role=Role.MANAGER, user__name="Tom Reed", user__email="tom@example.com"
    )


def test_lists_people_owners_first(owner, tom):
    page = owner.get("/people/")

    Authenticator.objects.create(user=tom.user, type=Authenticator.Type.TOTP, data={})
    shown = re.findall(r'data-label="Two-step">(\w+)<', owner.get("/people/").text)

    assert [str(member.user) for member in page.context["page"]] == ["Priya Shah", "Tom Reed"]
    assert shown == ["Off", "On"]
    found = owner.get("/people/", {"q": "TOM@ reed"}).context["page"]
    assert [str(member.user) for member in found] == ["Tom Reed"]
    assert "Nominate a second owner, so you are never locked out." in page.text


@pytest.mark.parametrize("more", [0, 2])
def test_asks_the_same_for_few_and_many(
    owner, account, tom, more, django_assert_num_queries, settings
):
    for _ in range(more):
        MembershipFactory(account=account)
        invitations.invite(account, f"new{_}@example.com", Role.VIEWER, by=TESTER)

    with django_assert_num_queries(7):
        owner.get("/people/")


@pytest.mark.parametrize("who", ["manager", "viewer"])
def test_others_read_whom_to_ask_and_nothing_else(request, owner, who):
    page = request.getfixturevalue(who).get("/people/")

    assert page.status_code == 403
    assert "Ask Priya Shah." in page.text
    assert "priya@example.com" not in page.text


def test_people_of_other_accounts_are_not_found(stranger, tom):
    answers = [stranger.get(f"/people/{tom.pk}/{act}/").status_code for act in ("role", "remove")]

    assert answers == [404, 404]


def test_a_role_is_changed(owner, tom):
    response = owner.post(f"/people/{tom.pk}/role/", {"role": "owner"} | REASON)

    tom.refresh_from_db()
    assert (response.status_code, tom.role) == (302, "owner")
    assert said(response) == [("success", "Tom Reed is Owner from now on.")]
    assert told() == ("Priya Shah changed the role of Tom Reed from Manager to Owner.")


def test_the_same_role_again_changes_nothing(owner, tom):
    response = owner.post(f"/people/{tom.pk}/role/", {"role": "manager"} | REASON)

    assert said(response) == [("info", "Tom Reed was Manager already.")]
    assert not AuditEntry.objects.exists()


def test_a_removed_person_loses_access_at_once(owner, tom):
    MembershipFactory(user=tom.user)
    browser = signed_in(tom.user)
    browser.post("/switch-account/", {"account": tom.account_id})
    address = f"/people/{tom.pk}/remove/"
    asked, before = owner.get(address).text, browser.get("/").context["request"].account

    response = owner.post(address, REASON)

    after = browser.get("/").context["request"].account
    assert (before == tom.account, after == tom.account) == (True, False)
    assert "They stay in 1 other account." in asked
    assert said(response) == [("success", "Tom Reed is removed from the account.")]
    assert last_entry() == (
        "person_removed",
        "She changed teams",
        "Priya Shah <priya@example.com>",
    )


def test_removal_needs_a_reason(owner, tom):
    response = owner.post(f"/people/{tom.pk}/remove/", {"reason": ""})

    assert response.status_code == 422
    assert Membership.objects.filter(pk=tom.pk).exists()


def test_a_removed_person_has_no_invitation_left(account, tom):
    invitations.Invitation.objects.create(
        account=account, email="Tom@example.com", invited_by="A", ends_at=ago(seconds=-99)
    )

    elsewhere = invitations.invite(AccountFactory(), "tom@example.com", Role.VIEWER, by=TESTER)

    members.remove(tom, by=TESTER)

    assert Invitation.objects.pending().get() == elsewhere


@pytest.mark.parametrize("act", ["role", "remove"])
def test_the_last_owner_stays(owner, priya, tom, act):
    response = owner.post(f"/people/{priya.pk}/{act}/", {"role": "viewer"} | REASON)

    assert response.status_code == 422
    assert "Brook &amp; Co needs an owner. Make someone else owner first." in response.text
    assert priya.account.memberships.owners().get() == priya


def test_an_owner_who_cannot_sign_in_does_not_count(priya, account):
    MembershipFactory(account=account, user__is_active=False)

    with pytest.raises(InvalidOperation, match="needs an owner"):
        members.remove(priya, by=TESTER)


def test_one_of_two_owners_may_leave(owner, priya, account):
    MembershipFactory(account=account)
    assert "Nominate a second owner" not in owner.get("/people/").text

    response = owner.post(f"/people/{priya.pk}/remove/", REASON)

    assert response["Location"] == "/"
    assert not Membership.objects.filter(pk=priya.pk).exists()


def test_says_how_addresses_may_be_written(owner):
    assert "Tom Reed &lt;tom@brook.example&gt;;" in owner.get("/people/invite/").text


def test_invites_several_at_once(owner, account, mailoutbox):
    response = owner.post(
        "/people/invite/",
        {"emails": "a@example.com; B@example.com\na@example.com", "role": "manager",
         "message": "See you on Monday."},
    )  # fmt: skip

    invited = Invitation.objects.open().order_by("email").values_list("email", "role")
    assert list(invited) == [("a@example.com", "manager"), ("b@example.com", "manager")]
    assert said(response) == [
        (
            "success",
            "2 invitations are on their way. This page says when their mails were sent.",
        )
    ]
    assert [sent.to for sent in mailoutbox] == [["a@example.com"], ["b@example.com"]]
    assert all("See you on Monday." in sent.body for sent in mailoutbox)


def test_names_each_address_that_cannot_be_invited_and_loses_nothing(owner, tom):
    typed = "new@example.com, nonsense tom@example.com"

    response = owner.post(
        "/people/invite/", {"emails": typed, "role": "owner", "message": "Welcome"}
    )

    form = response.context["form"]
    assert response.status_code == 422
    assert form.errors == {
        "emails": [
            "“nonsense” is not an e-mail address.",
            "tom@example.com is in Brook & Co already, as Manager.",
            "Nobody has been invited yet.",
        ]
    }
    assert form.data.dict() == {"emails": typed, "role": "owner", "message": "Welcome"}
    assert not Invitation.objects.exists()


def test_invites_fifty_at_once_and_no_more(owner):
    typed = " ".join(f"new{number}@example.com" for number in range(51))

    response = owner.post("/people/invite/", {"emails": typed, "role": "viewer"})

    assert response.context["form"].errors == {"emails": ["At most 50 at once."]}


def test_resends_one_that_has_ended(owner, account, mailoutbox):
    invitation = invitations.invite(account, "new@example.com", Role.VIEWER, by=TESTER)
    before = owner.get("/people/").text
    Invitation.objects.update(ends_at=ago(days=1), asked_again_at=ago(hours=1))
    asked = owner.get("/people/").text

    owner.post(f"/people/invitations/{invitation.pk}/resend/")

    for words, is_told in (("Ends:", False), ("Ended:", True), ("Asks for a new one.", True)):
        assert (words in before, words in asked) == (not is_told, is_told)
    assert Invitation.objects.open().get().code == invitation.code
    assert [sent.to for sent in mailoutbox] == [["new@example.com"]]
    assert last_entry()[0] == "invitation_resent"


def test_who_joined_otherwise_is_not_written_to_again(owner, account):
    invitation = invitations.invite(account, "new@example.com", Role.VIEWER, by=TESTER)
    MembershipFactory(account=account, user__email="new@example.com", role=Role.MANAGER)

    response = owner.post(f"/people/invitations/{invitation.pk}/resend/")

    told = "new@example.com is in Brook & Co already, as Manager."
    assert said(response) == [("error", told)]


def test_a_cancelled_one_cannot_be_used_or_resent(owner, client, account):
    invitation = invitations.invite(account, "new@example.com", Role.VIEWER, by=TESTER)

    owner.post(f"/people/invitations/{invitation.pk}/cancel/")
    again = owner.post(f"/people/invitations/{invitation.pk}/resend/")

    assert last_entry()[0] == "invitation_cancelled"
    assert ("error", "This invitation has been used or cancelled.") in said(again)
    assert "This invitation ended on" in client.get(f"/invitations/{invitation.code}/").text


def test_invitations_of_other_accounts_are_not_found(owner):
    other = invitations.invite(AccountFactory(), "new@example.com", Role.VIEWER, by=TESTER)

    answers = [
        owner.post(f"/people/invitations/{other.pk}/{act}/").status_code
        for act in ("resend", "cancel")
    ]

    assert answers == [404, 404]
