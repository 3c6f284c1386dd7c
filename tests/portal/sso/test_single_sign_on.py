"""Single sign-on through an account's own provider, against one that runs here."""

from __future__ import annotations

import pytest
import requests
from django.test import Client

from licensing.encryption import decrypt
from licensing.errors import InvalidOperation
from licensing.models import AuditEntry
from portal.models import Membership, Role, SingleSignOn
from portal.sso import email_domains
from tests.factories import TESTER, AccountFactory
from tests.pages import said
from tests.portal.sso.provider import WHY, agree, is_signed_in, member, sign_in

NOBODY = "You are signed in there, but no person of the account has that e-mail address."


def test_a_member_comes_in(client, single, account):
    member(account, "priya@brook.example")

    response = sign_in(client, "priya@brook.example", account)

    assert response["Location"] == "/"
    assert client.get("/").context["user"].email == "priya@brook.example"


@pytest.mark.parametrize("email", ["unverified@brook.example", "stranger@hill.example"])
def test_nobody_else_does(client, single, account, email):
    """No verified address; a domain that is not the account's."""
    member(account, email)

    response = sign_in(client, email, account)

    assert said(response) == [("error", NOBODY)]
    assert not is_signed_in(client)


def test_the_vendors_staff_never_do(client, single, account):
    member(account, "staff@brook.example", is_staff=True)

    sign_in(client, "staff@brook.example", account)

    assert not is_signed_in(client)


def test_nobody_comes_in_by_a_domain_that_is_only_claimed(client, single, account):
    member(account, "priya@brook.example")
    account.email_domains.update(verified_at=None)

    sign_in(client, "priya@brook.example", account)

    assert not is_signed_in(client)


def test_an_answer_that_this_browser_did_not_ask_for_signs_nobody_in(client, single, account):
    member(account, "priya@brook.example")
    go = Client().post(f"/accounts/single-sign-on/{account.pk}/login/")
    theirs = requests.post(
        go["Location"], data={"sub": "priya@brook.example"}, allow_redirects=False
    )

    response = client.get(theirs.headers["Location"])

    assert response["Location"] == "/single-sign-on/"
    assert not is_signed_in(client)


def test_the_request_carries_state_and_a_challenge(client, single, account):
    location = client.post(f"/accounts/single-sign-on/{account.pk}/login/")["Location"]

    assert "state=" in location
    assert "code_challenge_method=S256" in location
    assert "hush" not in location


@pytest.mark.parametrize("email", ["priya@brook.example", "no.such.person@brook.example"])
def test_the_domain_leads_to_the_provider_whoever_asks(client, single, issuer, email):
    response = client.post("/single-sign-on/", {"email": email})

    assert f"form-action 'self' {issuer}" in response["Content-Security-Policy"]
    assert issuer in response.text


def test_an_unknown_domain_is_told(client, single):
    response = client.post("/single-sign-on/", {"email": "priya@elsewhere.example"})

    assert response.status_code == 422
    assert "There is no single sign-on for this address." in response.text


@pytest.mark.usefixtures("single")
def test_too_many_questions_are_refused(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client.post("/single-sign-on/", {"email": "priya@elsewhere.example"})

    response = client.post("/single-sign-on/", {"email": "priya@elsewhere.example"})

    assert response.status_code == 429


@pytest.mark.parametrize("rate", ["1/m/ip", "1/m/key"])
def test_a_button_is_pressed_so_often_and_no_more(client, single, account, settings, rate):
    settings.ACCOUNT_RATE_LIMITS = {"provider": rate}
    button = f"/accounts/single-sign-on/{account.pk}/login/"

    pressed, refused = client.post(button), client.post(button)

    assert (pressed.status_code, refused.status_code) == (302, 429)


@pytest.mark.parametrize("number", ["{}000000000000000000", "0{}", "{}²", "{}.0", "{}a"])
def test_a_number_that_begins_as_an_accounts_does_is_no_provider(client, single, account, number):
    names = number.format(account.pk)

    response = client.get(f"/accounts/single-sign-on/{names}/login/callback/")

    assert response.status_code == 404


def test_a_provider_that_fell_silent_leads_back(client, single, account):
    SingleSignOn.objects.update(issuer="http://localhost:1")

    response = client.post(f"/accounts/single-sign-on/{account.pk}/login/")

    assert response["Location"] == "/single-sign-on/"


def test_an_account_without_it_has_no_way_in(client, account):
    assert client.post(f"/accounts/single-sign-on/{account.pk}/login/").status_code == 404


def test_an_owner_sets_it_up(owner, account, issuer, settings):
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True

    owner.post(
        "/security/single-sign-on/", {"issuer": issuer, "client_id": "portal", "secret": "hush"}
    )

    single = SingleSignOn.objects.get(account=account)
    assert decrypt(bytes(single.encrypted_secret)) == "hush"
    entry = AuditEntry.objects.get(action="sso_set_up")
    assert entry.details["issuer"] == issuer
    assert "hush" not in owner.get("/security/single-sign-on/").text


@pytest.mark.parametrize(
    ("scheme", "words"),
    [
        ("http", "The address does not begin with https."),
        ("https", "The DNS knows no public address of this name. Check how it is spelt."),
    ],
)
def test_a_provider_within_our_network_is_refused(owner, account, issuer, scheme, words):
    form = {"issuer": issuer.replace("http", scheme), "client_id": "portal", "secret": "hush"}

    response = owner.post("/security/single-sign-on/", form)

    assert response.context["provider_form"].non_field_errors() == [words]
    assert not SingleSignOn.objects.exists()


def test_a_domain_counts_once_its_dns_shows_the_token(owner, account, dns):
    owner.post("/security/single-sign-on/domains/add/", {"name": "Brook.example"})
    domain = account.email_domains.get()
    check = f"/security/single-sign-on/domains/{domain.pk}/check/"

    owner.post(check)
    before = account.email_domains.get().verified_at
    dns[email_domains.record_name(domain)] = {domain.token}
    owner.post(check)

    assert before is None
    assert account.email_domains.get().verified_at is not None
    entries = AuditEntry.objects.filter(action__startswith="domain").order_by("pk")
    assert [entry.action for entry in entries] == [
        "domain_added",
        "domain_verified",
    ]


def test_a_domain_belongs_to_one_account(owner, account, single, dns):
    theirs = AccountFactory()
    domain = email_domains.add(theirs, "brook.example", by=TESTER)
    dns[email_domains.record_name(domain)] = {domain.token}

    with pytest.raises(InvalidOperation, match="Another account"):
        email_domains.check(domain, by=TESTER)


def test_turning_it_off_and_removing_a_domain_ask_why(owner, account, single):
    domain = account.email_domains.get()

    agree(owner, "/security/single-sign-on/turn-off/")
    owner.post(
        f"/security/single-sign-on/domains/{domain.pk}/remove/", {"reason": "We sold the name."}
    )

    assert not SingleSignOn.objects.exists()
    assert not account.email_domains.exists()
    assert set(
        AuditEntry.objects.filter(action__in=["sso_turned_off", "domain_removed"]).values_list(
            "reason", flat=True
        )
    ) == {WHY["reason"], "We sold the name."}


def test_only_owners_of_the_account_see_or_change_it(manager, stranger, staff, account, single):
    domain = account.email_domains.get()
    check = f"/security/single-sign-on/domains/{domain.pk}/check/"

    answers = [browser.post(check).status_code for browser in (manager, stranger, staff)]

    assert answers == [403, 404, 404]
    assert "brook.example" not in stranger.get("/security/single-sign-on/").text
    assert Membership.objects.filter(account=account, role=Role.OWNER).count() == 0
