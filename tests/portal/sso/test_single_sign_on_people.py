"""Whom single sign-on knows: by the provider's own id after the first time; and newcomers."""

from __future__ import annotations

import pytest

from licensing.models import AuditEntry
from portal.models import Invitation, Membership, ProviderLink, Role, SingleSignOn, User
from portal.people import invitations
from portal.sso import single_sign_on
from tests.factories import TESTER, AccountFactory, MembershipFactory
from tests.pages import last_entry, said
from tests.people import signed_in
from tests.portal.sso.provider import WHY, agree, is_signed_in, member, sign_in

PEOPLE = "/security/single-sign-on/people/"


@pytest.fixture
def priya(account):
    """Somebody who can come in through the provider."""
    return member(account, "priya@brook.example", Role.MANAGER, name="Priya Shah")


@pytest.fixture
def linked(priya, single):
    """Her, who has come in before."""
    return single.links.create(membership=priya, subject="priya@brook.example")


def actions():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_the_first_sign_in_is_remembered(client, priya, single, account):
    sign_in(client, "priya@brook.example", account)
    sign_in(client, "priya@brook.example", account)

    links = ProviderLink.objects.values_list("membership", "subject")
    assert list(links) == [(priya.pk, "priya@brook.example")]
    assert actions().count("sso_linked") == 1


def test_who_changed_address_is_still_the_same_person(client, priya, single, account):
    single.links.create(membership=priya, subject="priya-after-her-wedding")

    sign_in(client, "priya-after-her-wedding", account)

    assert client.get("/").context["user"] == priya.user


def test_an_address_that_somebody_else_took_over_is_refused(client, linked, account, owner):
    response = sign_in(client, "another-priya", account)

    assert said(response) == [
        (
            "error",
            "priya@brook.example was somebody else's at your provider before. If it is yours now, "
            "ask Priya Shah to unlink it.",
        )
    ]
    assert not is_signed_in(client)
    assert last_entry() == ("sso_refused", "", "priya@brook.example")


def test_an_owner_unlinks_and_the_session_closes(client, owner, linked, account):
    sign_in(client, "priya@brook.example", account)
    assert client.get("/licences/").status_code == 200

    owner.post(f"{PEOPLE}{linked.pk}/unlink/", WHY)

    assert last_entry()[:2] == ("sso_unlinked", WHY["reason"])
    assert client.get("/licences/").status_code == 302
    sign_in(client, "another-priya", account)
    assert ProviderLink.objects.get().subject == "another-priya"


def test_a_session_of_before_stays_closed_when_the_person_is_linked_anew(
    client, linked, priya, single, account
):
    sign_in(client, "priya@brook.example", account)
    single_sign_on.unlink(linked, by=TESTER, reason="A new sign-in.")

    single.links.create(membership=priya, subject="another-priya")

    assert client.get("/licences/").status_code == 302


def test_an_id_at_another_accounts_provider_is_nobodys_here(client, single, account):
    theirs = member(AccountFactory(), "stranger@hill.example")
    other = SingleSignOn.objects.create(
        account=theirs.account, issuer=single.issuer, client_id="portal"
    )
    other.links.create(membership=theirs, subject="stranger@hill.example")

    sign_in(client, "stranger@hill.example", account)

    assert not is_signed_in(client)


def test_an_invitation_to_another_account_is_not_accepted_by_it(client, single):
    invited = invitations.invite(AccountFactory(), "other@brook.example", Role.MANAGER, by=TESTER)

    sign_in(client, "other@brook.example", single.account)

    assert not is_signed_in(client)
    assert Invitation.objects.get(pk=invited.pk).accepted_at is None


def test_a_domain_that_is_only_claimed_concerns_nobody(client, owner, priya, single, account):
    account.email_domains.update(verified_at=None)

    page = client.post("/single-sign-on/", {"email": "priya@brook.example"})

    assert page.status_code == 422
    assert list(owner.get(PEOPLE).context["page"]) == []


def test_nobody_elses_owner_unlinks(manager, stranger, staff, linked):
    address = f"{PEOPLE}{linked.pk}/unlink/"

    answers = [browser.post(address, WHY).status_code for browser in (manager, stranger, staff)]

    assert answers == [403, 404, 404]
    assert ProviderLink.objects.exists()


def test_another_client_at_the_provider_knows_nobody_yet(linked, single, issuer):
    single_sign_on.set_up_openid(
        single.account, issuer=issuer, client_id="portal", secret="new", by=TESTER
    )
    kept = ProviderLink.objects.count()
    single_sign_on.set_up_openid(
        single.account, issuer=issuer, client_id="other", secret="new", by=TESTER
    )

    assert (kept, ProviderLink.objects.count()) == (1, 0)


def test_a_removed_domain_closes_what_it_opened(client, owner, linked, account):
    sign_in(client, "priya@brook.example", account)
    domain = account.email_domains.get()

    owner.post(f"/security/single-sign-on/domains/{domain.pk}/remove/", WHY)

    assert client.get("/licences/")["Location"].startswith("/single-sign-on/closed/")


def test_a_newcomer_reads_whom_to_ask(client, single, account, owner):
    response = sign_in(client, "other@brook.example", account)

    text = "Nobody has added other@brook.example to Brook & Co. Ask Priya Shah to invite you."
    assert said(response) == [("error", text)]
    assert not User.objects.filter(email="other@brook.example").exists()


@pytest.mark.slow
def test_a_newcomer_joins_as_a_viewer_where_owners_want_that(
    client, single, account, owner, mailoutbox
):
    agree(owner, "/security/single-sign-on/newcomers/")

    sign_in(client, "other@brook.example", account)

    person = User.objects.get(email="other@brook.example")
    assert client.get("/licences/").context["user"] == person
    assert not person.has_usable_password()
    assert [m.role for m in person.memberships.all()] == [Role.VIEWER]
    assert actions()[-3:] == ["sso_newcomers_changed", "sso_joined", "sso_linked"]
    assert [(mail.to, mail.subject) for mail in mailoutbox[1:]] == [
        (["priya@example.com"], "other joined Brook & Co by single sign-on")
    ]


@pytest.mark.parametrize("sub", ["unverified@brook.example", "stranger@hill.example"])
def test_no_newcomer_comes_from_elsewhere(client, single, account, sub):
    single_sign_on.take_newcomers(account, True, by=TESTER, reason="")

    sign_in(client, sub, account)

    assert not is_signed_in(client)
    assert not Membership.objects.filter(account=account).exists()


def test_a_newcomer_who_holds_another_account_keeps_it_to_themselves(client, single, account):
    single_sign_on.take_newcomers(account, True, by=TESTER, reason="")
    hill = AccountFactory(name="Hill & Dale")
    person = member(hill, "other@brook.example", Role.OWNER).user

    sign_in(client, "other@brook.example", account)

    assert set(person.memberships.values_list("account", "role")) == {
        (hill.pk, Role.OWNER),
        (account.pk, Role.VIEWER),
    }
    assert client.post("/switch-account/", {"account": hill.pk}).status_code == 404


def test_an_invited_person_accepts_by_it(client, single, account):
    invitations.invite(account, "other@brook.example", Role.MANAGER, by=TESTER)

    sign_in(client, "other@brook.example", account)

    assert Membership.objects.get(account=account).role == Role.MANAGER
    assert Invitation.objects.get().accepted_at is not None


def test_nobody_made_inactive_comes_back(client, single, account):
    single_sign_on.take_newcomers(account, True, by=TESTER, reason="")
    member(AccountFactory(), "other@brook.example", is_active=False)

    sign_in(client, "other@brook.example", account)

    assert not is_signed_in(client)


@pytest.mark.parametrize("rows", [1, 3])
def test_owners_see_who_it_is_about_in_six_queries(
    account, single, rows, django_assert_num_queries
):
    boss = member(account, "ann@elsewhere.example", Role.OWNER)
    people = [member(account, f"p{n}@brook.example") for n in range(rows)]
    single.links.create(membership=people[0], subject="1")
    browser = signed_in(boss.user)
    browser.get(PEOPLE)

    with django_assert_num_queries(6):
        page = browser.get(PEOPLE)

    assert [row.user.email for row in page.context["page"]] == [m.user.email for m in people]
    assert page.text.count("Unlink</a>") == 1
    assert page.text.count("Never") == rows - 1


def test_the_page_is_the_owners(manager, stranger, single, account):
    MembershipFactory(account=account)

    assert manager.get(PEOPLE).status_code == 403
    assert "brook.example" not in stranger.get(PEOPLE).text


def test_an_invited_newcomer_is_led_to_the_provider_that_is_required(client, required, account):
    invited = invitations.invite(account, "other@brook.example", Role.MANAGER, by=TESTER)
    address = f"/invitations/{invited.code}/"

    page = client.get(address).text

    assert "Brook &amp; Co signs you in through your organisation." in page
    assert 'name="password"' not in page
    assert client.post(address, {"name": "Other", "password": "x" * 20}).status_code == 200
    assert not User.objects.filter(email="other@brook.example").exists()
