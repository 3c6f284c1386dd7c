"""A provider whose every answer a test can falsify: no lie is believed."""

from __future__ import annotations

import pytest
from lxml import etree
from saml2.saml import NAMEID_FORMAT_TRANSIENT

from tests.browsers import Browser
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


LIES = {
    "unsigned": {"signed": ()},
    "signed with another key": {"keys": KeyPair()},
    "issuer": {"alter": reworded("//saml:Issuer", "https://evil.example")},
    "audience": {"alter": reworded("//saml:Audience", "another")},
    "no audience": {"alter": without("//saml:AudienceRestriction")},
    "request": {"alter": changed(CONFIRMED, "InResponseTo", "another")},
    "no request": {"alter": changed(CONFIRMED, "InResponseTo", None)},
    "place": {"alter": changed(CONFIRMED, "Recipient", "https://e.example")},
    "late": {"alter": changed(CONFIRMED, "NotOnOrAfter", "2026-01-01T00:00:00Z")},
    "over": {"alter": changed("//saml:Conditions", "NotOnOrAfter", "2026-01-01T00:00:00Z")},
    "sent on": {"alter": changed("/samlp:Response", "Destination", "https://e.example")},
    "other portal's": {"alter": changed("//saml:NameID", "SPNameQualifier", "another")},
    "passing name": {"name_format": NAMEID_FORMAT_TRANSIENT},
    "other domain": {"email": "stranger@hill.example"},
    "unverified address": {"email_verified": "false"},
    "no address": {"email": "", "name_id": "4711"},
    "several": {"email": [PRIYA, "tom@brook.example"], "name_id": "4711"},
    "endless name": {"name_id": "9" * 257},
    "encrypted name": {"alter": encrypted_name},
}


@pytest.mark.slow
def test_no_lie_is_believed(provider, single, account):
    believed = []
    for name, lie in LIES.items():
        response = sign_in(browser := Browser(), provider, account, **lie)
        if is_signed_in(browser) or response["Location"] != "/single-sign-on/":
            believed.append(name)

    assert believed == []


@pytest.mark.slow
def test_a_time_of_signing_in_beyond_our_calendar_is_long_ago(provider, single, account):
    for instant in ("12026-01-01T00:00:00Z", "2026-01-01T24:00:00Z", "-0001-01-01T00:00:00"):
        told = changed("//saml:AuthnStatement", "AuthnInstant", instant)

        sign_in(browser := Browser(), provider, account, alter=told)

        assert is_signed_in(browser), instant


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
