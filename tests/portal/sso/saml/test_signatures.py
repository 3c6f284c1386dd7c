"""A SAML signature refers to what it stands in, and asks for nothing else, whoever wrote it."""

from __future__ import annotations

import pytest
import xmlsec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from xmlsec import Transform

from portal.views.sso import saml
from tests.portal.sso import saml_provider
from tests.portal.sso.provider import is_signed_in
from tests.portal.sso.saml.answers import PRIYA, come_back
from tests.portal.sso.saml_provider import DS, SAML


def signed(root, keys, *, files=(), condition="", repeat=1, c14n=Transform.EXCL_C14N):
    """The answer, its assertion truly signed, with what else the signature is to ask for."""
    assertion = root.find(f"{{{SAML}}}Assertion")
    signature = xmlsec.template.create(assertion, c14n, Transform.RSA_SHA256)
    assertion.find(f"{{{SAML}}}Issuer").addnext(signature)
    digest = Transform.SHA256
    own = xmlsec.template.add_reference(signature, digest, uri=f"#{assertion.get('ID')}")
    xmlsec.template.add_transform(own, Transform.ENVELOPED)
    for _ in range(repeat):
        xmlsec.template.add_transform(own, Transform.EXCL_C14N)
    if condition:
        filtered = xmlsec.template.add_transform(own, Transform.XPATH)
        etree.SubElement(filtered, f"{{{DS}}}XPath").text = condition
    for file in files:
        xmlsec.template.add_reference(signature, digest, uri=file.as_uri())
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    pem = keys.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    context.key = xmlsec.Key.from_memory(pem, xmlsec.KeyFormat.PEM)
    context.sign(signature)
    return root


def answer(client, provider, account, **asks):
    """Come back with an answer signed so."""
    go = client.post(f"/accounts/single-sign-on/{account.pk}/login/")
    address, form = provider.answer(go["Location"], email=PRIYA, signed=())
    root = signed(saml_provider.decoded(form), provider.keys, **asks)
    return come_back(client, address, saml_provider.encoded(root))


def test_a_plain_one_is_believed(client, provider, single, account):
    answer(client, provider, account)

    assert is_signed_in(client)


@pytest.mark.parametrize(
    "asks",
    [
        pytest.param({"condition": "true()"}, id="a filter to run"),
        pytest.param({"repeat": 2}, id="the same work again"),
        pytest.param({"c14n": Transform.C14N11}, id="unknown algorithm"),
    ],
)
def test_one_that_asks_for_more_is_not(client, provider, single, account, asks):
    answer(client, provider, account, **asks)

    assert not is_signed_in(client)


def test_one_that_refers_to_a_file_is_not(
    client,
    provider,
    single,
    account,
    tmp_path,
):
    file = tmp_path / "secret"
    file.write_text("Nobody's business.")

    answer(client, provider, account, files=[file])

    assert not is_signed_in(client)


def test_too_many_answers_from_one_address_are_not_kept(client, single, account, settings):
    settings.ACCOUNT_RATE_LIMITS = {"saml_answer": "1/m/ip"}
    address = f"/accounts/single-sign-on/{account.pk}/saml/answer/"

    kept, refused = client.post(address, {}), client.post(address, {})

    assert (kept.status_code, refused.status_code) == (302, 429)
    assert kept.cookies[saml.KEPT]["httponly"]
