"""Who the provider's answer signs in, and how often."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from lxml import etree
from saml2.saml import NAMEID_FORMAT_EMAILADDRESS, NAMEID_FORMAT_TRANSIENT

from portal.models import Role, SingleSignOn
from portal.sso import saml, saml_metadata, single_sign_on
from tests.factories import TESTER, AccountFactory
from tests.pages import said
from tests.portal.sso import saml_provider
from tests.portal.sso.provider import is_signed_in
from tests.portal.sso.saml.answers import PRIYA, come_back, sign_in


def test_a_member_comes_in(client, provider, single, account):
    response = sign_in(client, provider, account)

    assert response["Location"] == "/"
    assert client.get("/").context["user"].email == PRIYA


def test_a_signed_message_is_as_good_as_a_signed_assertion(client, provider, single, account):
    sign_in(client, provider, account, signed=["Response"])

    assert is_signed_in(client)


def test_the_person_is_known_by_the_lasting_name_not_the_address(client, provider, single, account):
    sign_in(client, provider, account, name_id="4711")

    sign_in(Client(), provider, account, email="lee@elsewhere.example", name_id="4711")
    somebody_else = sign_in(browser := Client(), provider, account, name_id="4712")

    assert account.single_sign_on.links.get().subject == "4711"
    assert not is_signed_in(browser)
    assert "was somebody else's at your provider before" in said(somebody_else)[0][1]


def test_entras_object_id_is_the_lasting_name(client, provider, single, account):
    claim = "http://schemas.microsoft.com/identity/claims/objectidentifier"

    sign_in(client, provider, account, name_format=NAMEID_FORMAT_TRANSIENT, **{claim: "8c1f"})

    assert account.single_sign_on.links.get().subject == "8c1f"


def test_a_name_that_is_an_address_says_who_it_is(client, provider, single, account):
    told = {"email": "", "name_id": PRIYA, "name_format": NAMEID_FORMAT_EMAILADDRESS}

    sign_in(client, provider, account, **told)

    assert is_signed_in(client)


@pytest.mark.parametrize("names", [{"displayName": "Tom Reed"}, {"givenName": "Tom", "sn": "Reed"}])
def test_a_newcomer_brings_their_name(client, provider, single, account, names):
    single_sign_on.take_newcomers(account, True, by=TESTER, reason="All planners.")

    sign_in(client, provider, account, email="tom@brook.example", **names)

    joined = account.memberships.get(user__email="tom@brook.example")
    assert (joined.user.name, joined.role) == ("Tom Reed", Role.VIEWER)


def test_an_answer_counts_once_and_in_the_browser_that_asked(client, provider, single, account):
    go = client.post(f"/accounts/single-sign-on/{account.pk}/login/")
    answer = provider.answer(go["Location"], email=PRIYA)

    come_back(other := Client(), *answer)
    come_back(client, *answer)
    client.logout()
    come_back(client, *answer)

    assert not is_signed_in(other)
    assert not is_signed_in(client)


def test_an_answer_to_one_account_opens_no_other(client, provider, single, account):
    """Another account has the same provider, and the address of the answer is made its own."""
    other = AccountFactory()
    single_sign_on.set_up_saml(other, saml_metadata.parse(provider.metadata()), by=TESTER)
    go = client.post(f"/accounts/single-sign-on/{account.pk}/login/")
    address, form = provider.answer(go["Location"], email=PRIYA)

    come_back(client, address.replace(f"/{account.pk}/", f"/{other.pk}/"), form)

    assert not is_signed_in(client)


def test_who_begins_at_the_provider_goes_on_here(client, provider, single, account):
    address, form = provider.answer(
        client.post(f"/accounts/single-sign-on/{account.pk}/login/")["Location"], email=PRIYA
    )
    unasked = saml_provider.decoded(form)
    del unasked.attrib["InResponseTo"]

    response = come_back(client, address, saml_provider.encoded(unasked))

    assert response["Location"] == f"/accounts/single-sign-on/{account.pk}/login/"
    assert "Your organisation signs you in at https://login.brook.example." in (
        client.get(response["Location"]).text
    )


@pytest.mark.parametrize("form", [{}, {"SAMLResponse": "%"}, {"SAMLResponse": "PGEvPg=="}], ids=str)
def test_nonsense_leads_back(client, single, account, form):
    address = f"/accounts/single-sign-on/{account.pk}/saml/answer/"

    response = come_back(client, address, form)

    assert response.status_code == 302
    assert not is_signed_in(client)


@pytest.mark.parametrize("account_id", [10**30, 4711])
@pytest.mark.parametrize("ask", [Client.post, Client.get])
def test_an_account_without_saml_has_no_answers(db, account_id, ask):
    last = "answer" if ask is Client.post else "answered"

    response = ask(Client(), f"/accounts/single-sign-on/{account_id}/saml/{last}/")

    assert response.status_code == 404


def test_each_protocol_has_answers_of_its_own(client, account):
    SingleSignOn.objects.create(account=account, issuer="https://a.example", client_id="portal")
    address = f"/accounts/single-sign-on/{account.pk}/saml/"

    assert client.post(f"{address}answer/").status_code == 404
    assert client.get(f"{address}answered/").status_code == 404


def test_an_openid_answer_is_none_of_a_saml_providers(client, single, account):
    response = client.get(f"/accounts/single-sign-on/{account.pk}/login/callback/")

    assert response.status_code == 404


def test_an_answer_is_kept_for_five_minutes_until_it_is_fetched(client, single, account):
    kept = Client().post(
        f"/accounts/single-sign-on/{account.pk}/saml/answer/", {"SAMLResponse": "%"}
    )
    row = Session.objects.get(pk=kept.cookies["saml_answer"].value)
    client.cookies["saml_answer"] = row.pk

    client.get(kept["Location"])

    assert row.expire_date <= timezone.now() + datetime.timedelta(seconds=300)
    assert not Session.objects.filter(pk=row.pk).exists()


def test_the_provider_is_told_of_the_portal(client, account):
    response = client.get(f"/accounts/single-sign-on/{account.pk}/saml/")

    portal = etree.fromstring(response.content)
    assert response["Content-Type"] == "application/samlmetadata+xml"
    assert portal.get("entityID") == saml.address("saml_metadata", account.pk)
    assert portal.xpath("//@Location") == [saml.address("saml_answer", account.pk)]
