"""Forged SAML answers, brought to the running product: none signs anybody in, none is a 500."""

from __future__ import annotations

import base64
import copy
import zlib

import pytest
from django.test import Client
from lxml import etree

from tests.portal.sso import saml_provider
from tests.portal.sso.provider import PRIYA, is_signed_in
from tests.portal.sso.saml.answers import NAMES, changed, come_back, reworded, without
from tests.portal.sso.saml_provider import DS, SAML

SAMLP = NAMES["samlp"]
STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
STRANGER = "stranger@hill.example"
LONGER = f"{PRIYA}.evil.example"
CONFIRMATION = "//saml:SubjectConfirmation"
CONFIRMED = "//saml:SubjectConfirmationData"


def found(root, name):
    """The first element of SAML's with this name."""
    return root.find(f".//{{{SAML}}}{name}")


def forged_from(true):
    """Another assertion like the true one, unsigned, that says Priya."""
    forged = copy.deepcopy(true)
    signature = forged.find(f"{{{DS}}}Signature")
    if signature is not None:
        forged.remove(signature)
    forged.set("ID", "forged")
    for text in [*forged.iter(f"{{{SAML}}}AttributeValue"), found(forged, "NameID")]:
        text.text = PRIYA
    return forged


def before(root):
    """The forged assertion stands before the true one."""
    true = found(root, "Assertion")
    true.addprevious(forged_from(true))


def after(root):
    """The forged assertion stands after it."""
    true = found(root, "Assertion")
    true.addnext(forged_from(true))


def around(root):
    """The true one stands within the forged one."""
    true = found(root, "Assertion")
    forged = forged_from(true)
    root.replace(true, forged)
    forged.append(true)


def with_its_name(root):
    """Both have one ID, the forged one first."""
    true = found(root, "Assertion")
    forged = forged_from(true)
    forged.set("ID", true.get("ID"))
    true.addprevious(forged)


def in_object(root):
    """The forged one carries the true one's signature, and that the true one, in an Object."""
    true = found(root, "Assertion")
    forged = forged_from(true)
    signature = true.find(f"{{{DS}}}Signature")
    root.replace(true, forged)
    forged.insert(1, signature)
    etree.SubElement(signature, f"{{{DS}}}Object").append(true)


def in_extensions(root):
    """The true one is put away where nobody looks, the forged one stands in its place."""
    true = found(root, "Assertion")
    root.replace(true, forged_from(true))
    extensions = etree.Element(f"{{{SAMLP}}}Extensions")
    extensions.append(true)
    root.find(f"{{{SAML}}}Issuer").addnext(extensions)


def below_another(root):
    """The whole true answer, signed, stands within a forged one."""
    true = copy.deepcopy(root)
    root.set("ID", "forged-answer")
    root.remove(root.find(f"{{{DS}}}Signature"))
    root.replace(found(root, "Assertion"), forged_from(found(root, "Assertion")))
    extensions = etree.Element(f"{{{SAMLP}}}Extensions")
    extensions.append(true)
    root.find(f"{{{SAML}}}Issuer").addnext(extensions)


def without_signature(root):
    """The signature is taken off."""
    for signature in root.xpath("//ds:Signature", namespaces={"ds": DS}):
        signature.getparent().remove(signature)


def said_anew(root):
    """What is signed says something else afterwards."""
    for text in [*root.iter(f"{{{SAML}}}AttributeValue"), found(root, "NameID")]:
        text.text = PRIYA


def commented(root):
    """A comment, which no signature counts, stands behind Priya's address in a longer one."""
    for text in [*root.iter(f"{{{SAML}}}AttributeValue"), found(root, "NameID")]:
        text.text = PRIYA
        comment = etree.Comment("")
        comment.tail = LONGER.removeprefix(PRIYA)
        text.append(comment)


def hidden(root):
    """The assertion is a cipher, to no key of ours."""
    cipher = "http://www.w3.org/2001/04/xmlenc#"
    assertion = found(root, "Assertion")
    wrapped = etree.Element(f"{{{SAML}}}EncryptedAssertion")
    data = etree.SubElement(wrapped, f"{{{cipher}}}EncryptedData")
    text = etree.SubElement(data, f"{{{cipher}}}CipherData")
    etree.SubElement(text, f"{{{cipher}}}CipherValue").text = "AAAA"
    root.replace(assertion, wrapped)


def to_another_request(root):
    """Another's assertion in an answer to one's own request."""
    for element in root.xpath(CONFIRMED, namespaces=NAMES):
        element.set("InResponseTo", "ONELOGIN_another")


BY_STRANGERS = [
    before, after, around, with_its_name, in_extensions, said_anew, without_signature,
]  # fmt: skip
"""What is done to the signed answer of somebody whom the provider knows, and the account not."""

BY_THE_PROVIDER = {
    "status": changed(
        "//samlp:StatusCode", "Value", "urn:oasis:names:tc:SAML:2.0:status:Requester"
    ),
    "no status": without("//samlp:Status"),
    "no destination": changed("/samlp:Response", "Destination", ""),
    "no conditions": without("//saml:Conditions"),
    "not yet": changed("//saml:Conditions", "NotBefore", "2999-01-01T00:00:00Z"),
    "no confirmation": without(CONFIRMATION),
    "not by the bearer": changed(
        CONFIRMATION, "Method", "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"
    ),
    "confirmed without end": changed(CONFIRMED, "NotOnOrAfter", None),
    "confirmed for nobody": changed(CONFIRMED, "Recipient", None),
    "confirmed later": changed(CONFIRMED, "NotBefore", "2999-01-01T00:00:00Z"),
    "signed in by nobody": without("//saml:AuthnStatement"),
    "session over": changed("//saml:AuthnStatement", "SessionNotOnOrAfter", "2026-01-01T00:00:00Z"),
    "two audiences, not us": reworded("//saml:Audience", "https://evil.example"),
    "no issuer": without("//saml:Assertion/saml:Issuer"),
    "old version": changed("/samlp:Response", "Version", "1.1"),
    "no id": changed("//saml:Assertion", "ID", None),
    "no subject": without("//saml:Subject"),
    "to another request": to_another_request,
    "hidden": hidden,
}
"""What a provider, or somebody who has its key, says that is no answer to us."""

BOMB = b"".join(
    b'<!ENTITY e%d "%s">' % (number, b"&e%d;" % (number - 1) * 10 if number else b"ha" * 100)
    for number in range(9)
)
NO_XML = {
    "empty": b"",
    "nul": b"\0" * 100,
    "deep": b"<a>" * 20_000,
    "dtd": b"<!DOCTYPE a><a/>",
    "bomb": b"<!DOCTYPE a [" + BOMB + b"]><a>&e8;</a>",
    "file": b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>',
    "address": b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/"><a/>',
    "include": b'<a xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="/etc/passwd"/></a>',
    "style": b'<?xml-stylesheet href="file:///etc/passwd"?><a/>',
    "utf-7": b'<?xml version="1.0" encoding="utf-7"?>+ADw-a/+AD4-',
    "utf-16": "<a/>".encode("utf-16"),
    "packed": zlib.compress(b"<a/>" * 100_000),
}


def outcome(account, answer):
    """What becomes of a fresh browser that brings an answer to its own request."""
    browser = Client()
    go = browser.post(f"/accounts/single-sign-on/{account.pk}/login/")
    address, form = answer(go["Location"])
    response = come_back(browser, address, form)
    assert response.status_code == 302
    return browser.session.get("_auth_user_id")


def altered(provider, change, *, email, signed):
    """An answer that is changed after it was signed."""

    def answer(location):
        address, form = provider.answer(location, email=email, signed=signed)
        root = saml_provider.decoded(form)
        change(root)
        return address, saml_provider.encoded(root)

    return answer


@pytest.mark.slow
@pytest.mark.parametrize("signed", [["Assertion"], ["Response"], ["Assertion", "Response"]])
def test_no_true_signature_vouches_for_something_else(provider, single, account, signed):
    tricks = list(BY_STRANGERS)
    tricks += [in_object] if "Assertion" in signed else []
    tricks += [below_another] if "Response" in signed else []

    believed = [
        trick.__name__
        for trick in tricks
        if outcome(account, altered(provider, trick, email=STRANGER, signed=signed))
    ]

    assert believed == []


def test_a_comment_cuts_no_name_short(provider, single, account):
    changed_later = altered(provider, commented, email=LONGER, signed=["Assertion"])

    assert outcome(account, changed_later) is None


@pytest.mark.slow
def test_nothing_is_believed_that_is_no_answer_to_us(provider, single, account):
    def answer(lie):
        told = {"alter": lie, "signed": ["Response"]}
        return lambda location: provider.answer(location, email=PRIYA, **told)

    believed = [name for name, lie in BY_THE_PROVIDER.items() if outcome(account, answer(lie))]

    assert believed == []


@pytest.mark.slow
def test_what_is_no_answer_leads_back(single, account):
    address = f"/accounts/single-sign-on/{account.pk}/saml/answer/"

    for text in NO_XML.values():
        form = {"SAMLResponse": base64.b64encode(text).decode()}

        assert outcome(account, lambda _location, form=form: (address, form)) is None


def test_an_entity_in_a_signed_answer_is_not_read(provider, single, account):
    """The document type stands before what is signed, which says nothing of it."""

    def answer(location):
        address, form = provider.answer(location, email=PRIYA)
        text = base64.b64decode(form["SAMLResponse"])
        kind = b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        return address, {"SAMLResponse": base64.b64encode(kind + text).decode()}

    assert outcome(account, answer) is None


def test_the_same_ways_let_the_true_answer_in(provider, single, account):
    owner = account.memberships.get().user

    untouched = altered(provider, lambda root: None, email=PRIYA, signed=["Assertion"])

    assert outcome(account, untouched) == str(owner.pk)
    assert not is_signed_in(Client())
