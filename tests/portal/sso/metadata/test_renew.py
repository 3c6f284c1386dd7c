"""The portal follows a provider's certificates, and tells owners when it cannot."""

from __future__ import annotations

import pytest

from licensing import audit
from licensing.errors import InvalidOperation
from licensing.models import AuditEntry
from portal import tasks
from portal.models import SingleSignOn
from portal.sso import saml_metadata, saml_renewals, single_sign_on
from tests.factories import TESTER, ago
from tests.pages import said
from tests.portal.sso.metadata.settings_page import SETTINGS, fingerprint_of, fingerprints
from tests.portal.sso.saml_provider import KeyPair


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
