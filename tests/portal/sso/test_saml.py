"""Single sign-on by SAML, with a provider whose every answer a test can falsify."""

from __future__ import annotations

import datetime
import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from lxml import etree
from saml2.saml import NAMEID_FORMAT_EMAILADDRESS, NAMEID_FORMAT_TRANSIENT

from licensing.models import AuditEntry
from portal.models import Role, SingleSignOn
from portal.sent import page_marks
from portal.sso import email_domains, saml, saml_metadata, single_sign_on
from tests.factories import TESTER, AccountFactory
from tests.pages import said
from tests.people import signed_in
from tests.portal.sso import saml_provider
from tests.portal.sso.provider import is_signed_in, member
from tests.portal.sso.saml_provider import SAML, KeyPair

PRIYA = "priya@brook.example"
NAMES = {"saml": SAML, "samlp": "urn:oasis:names:tc:SAML:2.0:protocol"}


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    """A provider at an address where nobody asks."""
    return saml_provider.SamlProvider("https://login.brook.example", tmp_path_factory.mktemp("idp"))


@pytest.fixture
def single(account, provider, dns):
    """The account's single sign-on, for brook.example, which Priya owns the account at."""
    domain = email_domains.add(account, "brook.example", by=TESTER)
    dns[email_domains.record_name(domain)] = {domain.token}
    email_domains.check(domain, by=TESTER)
    member(account, PRIYA, Role.OWNER, name="Priya Shah")
    provider.know(saml.own_metadata(account.pk))
    return single_sign_on.set_up_saml(account, saml_metadata.parse(provider.metadata()), by=TESTER)


@pytest.fixture
def priya(account, single):
    """The browser of the owner, signed in by their password."""
    return signed_in(account.memberships.get().user)


def sign_in(browser, provider, account, email=PRIYA, **told):
    """What the portal answers to somebody who comes back from the provider."""
    go = browser.post(f"/accounts/single-sign-on/{account.pk}/login/")
    return come_back(browser, *provider.answer(go["Location"], email=email, **told))


def come_back(browser, address, form):
    """Post the provider's form as a browser does, without our cookies, and follow."""
    kept = Client().post(address, form)
    browser.cookies["saml_answer"] = kept.cookies["saml_answer"].value
    return browser.get(kept["Location"])


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


def changed(path, attribute, value):
    """A change of one attribute in the answer, before it is signed; None takes it away."""

    def alter(response):
        [element] = response.xpath(path, namespaces=NAMES)
        element.attrib.pop(attribute, None)
        if value is not None:
            element.set(attribute, value)

    return alter


def without(path):
    """An answer that lacks something."""

    def alter(response):
        for element in response.xpath(path, namespaces=NAMES):
            element.getparent().remove(element)

    return alter


def reworded(path, text):
    """An answer in which something else is written."""

    def alter(response):
        for element in response.xpath(path, namespaces=NAMES):
            element.text = text

    return alter


def encrypted_name(response):
    """An answer that names the person in a cipher, though the portal has no key."""
    [name] = response.xpath("//saml:NameID", namespaces=NAMES)
    cipher = "http://www.w3.org/2001/04/xmlenc#"
    hidden = etree.Element(f"{{{SAML}}}EncryptedID")
    data = etree.SubElement(etree.SubElement(hidden, f"{{{cipher}}}EncryptedData"), "_")
    data.tag = f"{{{cipher}}}CipherData"
    etree.SubElement(data, f"{{{cipher}}}CipherValue").text = "AAAA"
    name.getparent().replace(name, hidden)


CONFIRMED = "//saml:SubjectConfirmationData"


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param({"signed": ()}, id="unsigned"),
        pytest.param({"keys": KeyPair()}, id="signed with another key"),
        pytest.param({"alter": reworded("//saml:Issuer", "https://evil.example")}, id="issuer"),
        pytest.param({"alter": reworded("//saml:Audience", "another")}, id="audience"),
        pytest.param({"alter": without("//saml:AudienceRestriction")}, id="no audience"),
        pytest.param({"alter": changed(CONFIRMED, "InResponseTo", "another")}, id="request"),
        pytest.param({"alter": changed(CONFIRMED, "InResponseTo", None)}, id="no request"),
        pytest.param({"alter": changed(CONFIRMED, "Recipient", "https://e.example")}, id="place"),
        pytest.param(
            {"alter": changed(CONFIRMED, "NotOnOrAfter", "2026-01-01T00:00:00Z")}, id="late"
        ),
        pytest.param(
            {"alter": changed("//saml:Conditions", "NotOnOrAfter", "2026-01-01T00:00:00Z")},
            id="over",
        ),
        pytest.param(
            {"alter": changed("/samlp:Response", "Destination", "https://e.example")}, id="sent on"
        ),
        pytest.param(
            {"alter": changed("//saml:NameID", "SPNameQualifier", "another")}, id="other portal's"
        ),
        pytest.param({"name_format": NAMEID_FORMAT_TRANSIENT}, id="passing name"),
        pytest.param({"email": "stranger@hill.example"}, id="other domain"),
        pytest.param({"email_verified": "false"}, id="unverified address"),
        pytest.param({"email": "", "name_id": "4711"}, id="no address"),
        pytest.param({"email": [PRIYA, "tom@brook.example"], "name_id": "4711"}, id="several"),
        pytest.param({"name_id": "9" * 257}, id="endless name"),
        pytest.param({"alter": encrypted_name}, id="encrypted name"),
    ],
)
def test_no_lie_is_believed(client, provider, single, account, lie):
    response = sign_in(client, provider, account, **lie)

    assert response["Location"] == "/single-sign-on/"
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "instant", ["12026-01-01T00:00:00Z", "2026-01-01T24:00:00Z", "-0001-01-01T00:00:00"]
)
def test_a_time_of_signing_in_beyond_our_calendar_is_long_ago(
    client, provider, single, account, instant
):
    told = changed("//saml:AuthnStatement", "AuthnInstant", instant)

    sign_in(client, provider, account, alter=told)

    assert is_signed_in(client)


def test_a_signed_assertion_does_not_carry_another(client, provider, single, account):
    """Signature wrapping: the true assertion is hidden, a forged one stands in its place."""
    go = client.post(f"/accounts/single-sign-on/{account.pk}/login/")
    address, form = provider.answer(go["Location"], email="stranger@hill.example")
    forged = saml_provider.decoded(form)
    true = forged.find(f"{{{SAML}}}Assertion")
    false = etree.fromstring(etree.tostring(true))
    false.set("ID", "forged")
    false.remove(false.find("{*}Signature"))
    for value in false.iter(f"{{{SAML}}}AttributeValue"):
        value.text = PRIYA
    forged.replace(true, false)
    false.find(f"{{{SAML}}}Issuer").addnext(true)

    come_back(client, address, saml_provider.encoded(forged))

    assert not is_signed_in(client)


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


def test_a_test_counts_and_says_what_is_missing(priya, provider, single, account):
    def tested(**told):
        go = priya.post("/security/single-sign-on/test/")
        return said(come_back(priya, *provider.answer(go["Location"], email=PRIYA, **told)))[-1]

    refused = tested(name_format=NAMEID_FORMAT_TRANSIENT)
    passed = tested()

    assert refused == (
        "error",
        "The provider answered, but names people anew each time. Let it send a lasting name ID, "
        "such as a persistent one.",
    )
    assert passed[0] == "success"
    single.refresh_from_db()
    assert single.tested_at is not None
    assert AuditEntry.objects.filter(action="sso_tested").count() == 1


def test_what_the_provider_refuses_is_told(priya, provider, single):
    status = "urn:oasis:names:tc:SAML:2.0:status:Responder"
    go = priya.post("/security/single-sign-on/test/")
    refusal = changed("//samlp:StatusCode", "Value", status)

    response = come_back(priya, *provider.answer(go["Location"], email=PRIYA, alter=refusal))

    assert said(response)[-1][1].startswith("The provider sent you back without signing you in.")


def reveal(browser, pool):
    """Ask for the key by the form of a page, which waits for the provider's word."""
    form = {page_marks.FIELD: browser.mark()}
    return browser.post(f"/licences/{pool.licence_id}/keys/{pool.pk}/reveal/", form)


def confirm(browser, provider, account, asked, **told):
    """Be sent to the provider by the page that asks, and come back."""
    page = browser.get(asked["Location"])
    form = {"next": page.context["next"], "purpose": "confirm"}
    go = browser.post(f"/accounts/single-sign-on/{account.pk}/login/", form)
    assert provider.asked(go["Location"]).force_authn == "true"
    return come_back(browser, *provider.answer(go["Location"], email=PRIYA, **told))


def test_a_key_is_shown_after_the_provider_asked_again(client, provider, single, account, pool):
    sign_in(client, provider, account)
    asked = reveal(client, pool)
    an_hour_ago = int(time.time()) - 3600

    too_old = confirm(client, provider, account, asked, signed_in_at=an_hour_ago)
    response = confirm(client, provider, account, asked)

    text = "Your provider did not confirm that it is you. Try again."
    assert said(too_old)[-1] == ("error", text)
    assert pool.plain in response.text


def test_the_provider_is_told_of_the_portal(client, account):
    response = client.get(f"/accounts/single-sign-on/{account.pk}/saml/")

    portal = etree.fromstring(response.content)
    assert response["Content-Type"] == "application/samlmetadata+xml"
    assert portal.get("entityID") == saml.address("saml_metadata", account.pk)
    assert portal.xpath("//@Location") == [saml.address("saml_answer", account.pk)]
