"""The page of settings on which a SAML provider is set up."""

from __future__ import annotations

from portal.sso import saml_metadata
from tests.portal.sso import saml_provider

SETTINGS = "/security/single-sign-on/"


def post(browser, **form):
    return browser.post(SETTINGS, {"protocol": "saml", "metadata_url": "", "metadata": ""} | form)


def errors(response):
    return response.context["provider_form"].non_field_errors()


def fingerprints(single):
    return [saml_metadata.described(text).fingerprint for text in single.certificates]


def fingerprint_of(keys):
    return keys.certificate.fingerprint(saml_provider.hashes.SHA256()).hex(":").upper()
