"""Owners set a SAML provider up by its metadata."""

from __future__ import annotations

import re

import pytest

from licensing import clock
from licensing.errors import InvalidOperation
from portal.models import Protocol, SingleSignOn
from portal.sso import saml_metadata
from tests.pages import last_entry
from tests.portal.sso.metadata.settings_page import (
    SETTINGS,
    errors,
    fingerprint_of,
    fingerprints,
    post,
)
from tests.portal.sso.saml_provider import SamlProvider

NO_METADATA = "This is not the metadata of a SAML identity provider."


@pytest.mark.parametrize("given", ["metadata_url", "metadata"])
def test_is_set_up_from_an_address_or_the_text(owner, account, provider, url, given):
    form = {"metadata_url": url, "metadata": provider.metadata()}

    response = post(owner, **{given: form[given]})

    assert response["Location"] == SETTINGS
    single = account.single_sign_on
    assert (single.protocol, single.issuer) == (Protocol.SAML, f"{provider.address}/metadata")
    assert single.sign_in_url == f"{provider.address}/sign-in"
    assert single.sign_in_origin == provider.address
    assert single.metadata_url == (url if given == "metadata_url" else "")
    assert fingerprints(single)[0] in owner.get(SETTINGS).text
    assert last_entry()[0] == "sso_set_up"


@pytest.mark.parametrize("form", [{}, {"metadata_url": "https://a.example", "metadata": "<a/>"}])
def test_wants_one_of_the_two(owner, account, form):
    response = post(owner, **form)

    assert response.status_code == 422
    assert errors(response) == ["Give the address, or the metadata itself: one of them."]


def edited(old, new):
    return lambda text: text.replace(old, new)


def with_certificates(count):
    """Metadata that names its certificate so often."""

    def edit(text):
        [certificate] = re.findall("<[^/<]*KeyDescriptor.*?</[^<]*KeyDescriptor>", text, re.DOTALL)
        return text.replace(certificate, "".join(certificate for _ in range(count)))

    return edit


UNUSABLE = [
    (lambda text: "Hello", NO_METADATA),
    (lambda text: "<a/>", NO_METADATA),
    (lambda text: f"<!DOCTYPE a>{text}", NO_METADATA),
    (edited("IDPSSODescriptor", "SPSSODescriptor"), NO_METADATA),
    (
        lambda text: f'<a xmlns="urn:oasis:names:tc:SAML:2.0:metadata">{text}{text}</a>',
        "This names several providers. Give the one that is yours.",
    ),
    (
        edited('WantAuthnRequestsSigned="false"', 'WantAuthnRequestsSigned="true"'),
        "The provider wants signed requests, and the portal signs none. Turn it off there.",
    ),
    (lambda text: re.sub('entityID="[^"]+"', 'entityID=""', text), NO_METADATA),
    (lambda text: re.sub("(X509Certificate>)[^<]+", r"\1", text), NO_METADATA),
    (
        edited("/sign-in", "/" + "x" * 1024),
        "The provider's name or sign-in address is too long.",
    ),
    (
        edited('Location="http:', 'Location="http://[::1'),
        "The provider's sign-in address is none that begins with https.",
    ),
    (with_certificates(21), "The metadata holds too many certificates."),
    (edited("HTTP-Redirect", "HTTP-POST"), "The provider takes no sign-in by HTTP-Redirect."),
    (
        edited('Location="http:', 'Location="ftp:'),
        "The provider's sign-in address is none that begins with https.",
    ),
    (
        edited("X509Certificate", "X509Nothing"),
        "The metadata holds no certificate to check signatures with.",
    ),
    (
        edited("Certificate>MII", "Certificate>MIJ"),
        "A certificate in the metadata cannot be read.",
    ),
]


def test_unusable_metadata_is_told(owner, account, provider, url):
    for edit, error in UNUSABLE:
        with pytest.raises(InvalidOperation) as refused:
            saml_metadata.parse(edit(provider.metadata()))
        assert str(refused.value) == error

    text = edit(provider.metadata())
    response = post(owner, metadata=text)

    assert (response.status_code, errors(response)) == (422, [error])
    assert text in response.context["provider_form"].data["metadata"]
    assert not SingleSignOn.objects.exists()


def test_an_address_without_metadata_is_told(owner, account, provider, url):
    response = post(owner, metadata_url=f"{provider.address}/nothing")

    assert errors(response) == ["The server answers, but has nothing at this address."]


def test_internal_addresses_are_not_asked(owner, account, url, settings):
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = False

    response = post(owner, metadata_url=url)

    assert errors(response) == ["The address does not begin with https."]


def test_certificates_are_renewed_while_it_is_required(owner, pasted, provider, mailoutbox):
    SingleSignOn.objects.update(required_at=clock.database_time(), tested_at=clock.database_time())
    provider.renew_keys()

    post(owner, metadata=provider.metadata())

    pasted.refresh_from_db()
    assert fingerprints(pasted) == [fingerprint_of(provider.keys)]
    assert pasted.required_at is not None
    assert pasted.tested_at is None
    [mail] = mailoutbox
    assert mail.subject == "The sign-in service of Brook & Co was set up anew"


def test_another_provider_is_not_set_up_while_it_is_required(owner, pasted, tmp_path):
    SingleSignOn.objects.update(required_at=clock.database_time())
    other = SamlProvider("https://login.hill.example", tmp_path)

    response = post(owner, metadata=other.metadata())

    assert errors(response) == ["Stop requiring single sign-on first."]


def test_a_change_of_protocol_forgets_who_is_who(owner, single, account, provider, url):
    link = single.links.create(
        membership=account.memberships.get(user__email="priya@example.com"), subject="4711"
    )

    post(owner, metadata=provider.metadata())

    changed = SingleSignOn.objects.get()
    assert (changed.protocol, changed.client_id) == (Protocol.SAML, "")
    assert not changed.links.filter(pk=link.pk).exists()


def test_a_button_says_which_value_it_copies(owner):
    page = owner.get(f"{SETTINGS}?protocol=saml").text

    for name in ("Reply address (ACS)", "Sign-on address, for a tile"):
        assert f">Copy “{name}”<" in page
