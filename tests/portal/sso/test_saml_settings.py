"""Owners set a SAML provider up by its metadata, and the portal follows its certificates."""

from __future__ import annotations

import re

import pytest

from licensing import audit, clock
from licensing.errors import InvalidOperation
from licensing.models import AuditEntry
from portal import tasks
from portal.models import Protocol, SingleSignOn
from portal.sso import saml_metadata, saml_renewals, single_sign_on
from tests.factories import TESTER, ago
from tests.pages import last_entry, said
from tests.portal.sso import saml_provider
from tests.portal.sso.saml_provider import KeyPair, SamlProvider

SETTINGS = "/security/single-sign-on/"
NO_METADATA = "This is not the metadata of a SAML identity provider."


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    """A provider whose metadata can be fetched."""
    with saml_provider.run(tmp_path_factory.mktemp("idp")) as running:
        yield running


@pytest.fixture
def url(provider, settings):
    """The address of its metadata."""
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True
    return f"{provider.address}/metadata"


@pytest.fixture
def followed(account, url):
    """The account's single sign-on, set up from the address."""
    return single_sign_on.set_up_saml(account, saml_metadata.read(url), metadata_url=url, by=TESTER)


@pytest.fixture
def pasted(account, provider, url):
    """The same, with metadata given as text."""
    return single_sign_on.set_up_saml(account, saml_metadata.parse(provider.metadata()), by=TESTER)


def post(browser, **form):
    return browser.post(SETTINGS, {"protocol": "saml", "metadata_url": "", "metadata": ""} | form)


def errors(response):
    return response.context["provider_form"].non_field_errors()


def fingerprints(single):
    return [saml_metadata.described(text).fingerprint for text in single.certificates]


def fingerprint_of(keys):
    return keys.certificate.fingerprint(saml_provider.hashes.SHA256()).hex(":").upper()


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


@pytest.mark.parametrize(
    ("edit", "error"),
    [
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
    ],
)
def test_unusable_metadata_is_told(owner, account, provider, url, edit, error):
    text = edit(provider.metadata())

    response = post(owner, metadata=text)

    assert response.status_code == 422
    assert errors(response) == [error]
    assert text in response.context["provider_form"].data["metadata"]
    assert not SingleSignOn.objects.exists()


def test_an_address_without_metadata_is_told(owner, account, provider, url):
    response = post(owner, metadata_url=f"{provider.address}/nothing")

    assert errors(response) == ["The server answers, but has nothing at this address."]


def test_internal_addresses_are_not_asked(owner, account, url, settings):
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = False

    response = post(owner, metadata_url=url)

    assert errors(response) == ["The address does not begin with https."]


def test_new_certificates_are_taken_over_and_told(followed, provider, owner, mailoutbox):
    old = fingerprint_of(provider.keys)
    provider.renew_keys()

    tasks.renew_saml_metadata()
    tasks.renew_saml_metadata()

    followed.refresh_from_db()
    assert fingerprints(followed) == [fingerprint_of(provider.keys)] != [old]
    told = AuditEntry.objects.filter(action="sso_certificates_changed").get()
    assert told.details["certificates"] == fingerprints(followed)
    assert told.actor_kind == audit.SYSTEM.kind
    [mail] = mailoutbox
    subject = "The sign-in service of Brook & Co has new certificates"
    assert (mail.to, mail.subject) == (["priya@example.com"], subject)


def test_who_is_signing_in_meanwhile_is_not_disturbed(followed, provider):
    provider.renew_keys()

    saml_renewals.renew_all()

    assert SingleSignOn.objects.get().changed_at == followed.changed_at


def test_without_an_answer_the_old_certificates_stay(followed, provider, owner):
    before = fingerprints(followed)
    SingleSignOn.objects.update(metadata_url=f"{provider.address}/nothing")

    tasks.renew_saml_metadata()

    followed.refresh_from_db()
    assert fingerprints(followed) == before
    assert followed.metadata_failed_at is not None
    assert "Sign-in goes on with the certificates above." in owner.get(SETTINGS).text


CANNOT_BE_READ = "The metadata of your sign-in service cannot be read since"
CERTIFICATE_ENDS = "Your sign-in service&#x27;s certificate ends on"


def test_metadata_that_can_be_read_again_is_forgotten_as_failing(followed):
    SingleSignOn.objects.update(metadata_failed_at=ago(hours=1))

    tasks.renew_saml_metadata()

    assert SingleSignOn.objects.get().metadata_failed_at is None


def test_owners_hear_at_home_of_metadata_that_fails_for_a_day(followed, owner, manager):
    SingleSignOn.objects.update(metadata_failed_at=ago(hours=23))
    assert CANNOT_BE_READ not in owner.get("/").text

    SingleSignOn.objects.update(metadata_failed_at=ago(hours=25))

    assert CANNOT_BE_READ in owner.get("/").text
    assert CANNOT_BE_READ not in manager.get("/").text


@pytest.mark.parametrize(("days", "is_told"), [(29, True), (31, False)])
def test_owners_hear_at_home_that_a_certificate_ends(owner, account, provider, url, days, is_told):
    keys, provider.keys = provider.keys, KeyPair(days=days)
    single_sign_on.set_up_saml(account, saml_metadata.parse(provider.metadata()), by=TESTER)
    provider.keys = keys

    assert (CERTIFICATE_ENDS in owner.get("/").text) == is_told


def test_a_certificate_that_is_followed_worries_nobody(owner, account, provider, url):
    keys, provider.keys = provider.keys, KeyPair(days=1)
    single_sign_on.set_up_saml(account, saml_metadata.read(url), metadata_url=url, by=TESTER)
    provider.keys = keys

    assert CERTIFICATE_ENDS not in owner.get("/").text


def test_another_providers_metadata_is_not_taken_over(followed):
    SingleSignOn.objects.update(issuer="https://another.example")
    followed.refresh_from_db()

    with pytest.raises(InvalidOperation, match=r"^The metadata is another provider's now\.$"):
        saml_renewals.renew(followed, by=TESTER)


def test_what_was_changed_while_it_was_read_is_left(followed, account, provider, url):
    pasted = saml_metadata.parse(provider.metadata())
    provider.renew_keys()
    found = saml_metadata.read(url)
    single_sign_on.set_up_saml(account, pasted, by=TESTER)

    assert not saml_renewals.take(followed, found, by=TESTER)
    assert SingleSignOn.objects.get().certificates == pasted.certificates


def test_an_owner_reads_it_now(owner, followed, provider):
    unchanged = said(owner.post(f"{SETTINGS}renew/"))[-1]
    provider.renew_keys()

    changed = said(owner.post(f"{SETTINGS}renew/"))[-1]

    assert unchanged == ("success", "Nothing has changed there.")
    assert changed == ("success", "The provider has new values.")


def test_pasted_metadata_has_no_address_to_be_read_from(owner, pasted):
    response = owner.post(f"{SETTINGS}renew/")

    assert said(response)[-1] == ("error", "There is no address to read metadata from.")


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
