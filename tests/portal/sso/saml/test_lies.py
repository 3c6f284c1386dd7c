"""A provider whose every answer a test can falsify: no lie is believed."""

from __future__ import annotations

import pytest
from lxml import etree
from saml2.saml import NAMEID_FORMAT_TRANSIENT

from tests.portal.sso import saml_provider
from tests.portal.sso.provider import is_signed_in
from tests.portal.sso.saml.answers import (
    NAMES,
    PRIYA,
    changed,
    come_back,
    reworded,
    sign_in,
    without,
)
from tests.portal.sso.saml_provider import SAML, KeyPair


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


@pytest.mark.census
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
